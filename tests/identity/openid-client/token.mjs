// node token.mjs ISSUER CLIENT SECRET METHOD ALGORITHM SCOPE (with METHOD key, SECRET is a private JWK) -> the token endpoint's answer, or {"error": …}, as JSON on one line
import * as oidc from 'openid-client'

const [issuer, client, secret, method, algorithm, scope] = process.argv.slice(2)
const signing = async jwk => oidc.PrivateKeyJwt({ kid: jwk.kid, key: await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']) })
const authentication = method === 'key' ? await signing(JSON.parse(secret)) : { basic: oidc.ClientSecretBasic, post: oidc.ClientSecretPost }[method](secret)

try {
  const server = await oidc.discovery(new URL(issuer), client, {}, authentication, { algorithm, execute: [oidc.allowInsecureRequests] })
  const answer = await oidc.clientCredentialsGrant(server, scope ? { scope } : {})
  console.log(JSON.stringify(answer))
} catch (e) {
  console.log(JSON.stringify({ error: e.error ?? e.code ?? e.message, status: e.status }))
}
