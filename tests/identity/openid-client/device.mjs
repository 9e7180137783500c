// node device.mjs ISSUER -> a line with the code for a person; then, once it is approved, a line with what came of token, refresh and revocation
import * as oidc from 'openid-client'

const [issuer] = process.argv.slice(2)
const keys = await oidc.randomDPoPKeyPair('ES256')

// The library proves its key at the token endpoint by itself; the device authorization endpoint is ours to prove it at (RFC 9449 leaves that open).
const encode = bytes => Buffer.from(bytes).toString('base64url')
const proof = async (method, address) => {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
  const head = encode(JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }))
  const body = encode(JSON.stringify({ htm: method, htu: address, iat: Math.floor(Date.now() / 1000), jti: crypto.randomUUID() }))
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, Buffer.from(`${head}.${body}`))
  return `${head}.${body}.${encode(signature)}`
}
const withProof = async (address, options) => {
  if (address.endsWith('/oauth/device_authorization')) options.headers = { ...Object.fromEntries(new Headers(options.headers)), dpop: await proof('POST', address) }
  return fetch(address, options)
}

try {
  const server = await oidc.discovery(new URL(issuer), 'fleet-agent', {}, oidc.None(), { execute: [oidc.allowInsecureRequests], [oidc.customFetch]: withProof })
  server[oidc.customFetch] = withProof
  const DPoP = oidc.getDPoPHandle(server, keys)
  const asked = await oidc.initiateDeviceAuthorization(server, {})
  console.log(JSON.stringify({ userCode: asked.user_code, keyId: await DPoP.calculateThumbprint() }))
  const first = await oidc.pollDeviceAuthorizationGrant(server, asked, {}, { DPoP })
  const second = await oidc.refreshTokenGrant(server, first.refresh_token, {}, { DPoP })
  const stranger = await oidc.refreshTokenGrant(server, second.refresh_token, {}, { DPoP: oidc.getDPoPHandle(server, await oidc.randomDPoPKeyPair('ES256')) }).catch(e => e.error)
  await oidc.tokenRevocation(server, second.refresh_token)
  const revoked = await oidc.refreshTokenGrant(server, second.refresh_token, {}, { DPoP }).catch(e => e.error)
  console.log(JSON.stringify({ agent: first.agent, type: second.token_type, renewed: first.refresh_token !== second.refresh_token, stranger, revoked }))
} catch (e) {
  console.log(JSON.stringify({ error: e.error ?? e.code ?? e.message, cause: String(e.cause ?? '') }))
}
