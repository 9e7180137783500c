// node code.mjs ISSUER CLIENT REDIRECT -> a line with the address to open; on standard input comes the address the browser was sent back to;
// then a line with what came of it: tokens, renewal, and what every misuse (RFC 9700) ended in
import { createInterface } from 'node:readline'
import * as oidc from 'openid-client'

const [issuer, client, redirect] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const browser = async address => { console.log(JSON.stringify({ open: address.href })); return new URL((await lines.next()).value) }
const refused = async attempt => { try { await attempt(); return 'DONE' } catch (e) { return e.error ?? e.code ?? e.cause?.error ?? e.message } }

try {
  const server = await oidc.discovery(new URL(issuer), client, {}, oidc.None(), { execute: [oidc.allowInsecureRequests] })
  const begin = async (more = {}) => {
    const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()]
    const address = oidc.buildAuthorizationUrl(server, {
      redirect_uri: redirect, scope: 'openid email read-tenants', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, nonce, ...more
    })
    return { checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }, address }
  }

  const trip = await begin()
  const back = await browser(trip.address)
  const tokens = await oidc.authorizationCodeGrant(server, back, trip.checks)
  const claims = tokens.claims()
  const me = await oidc.fetchProtectedResource(server, tokens.access_token, new URL('/api/v1/me', issuer), 'GET').then(answer => answer.json())
  const codeReplay = await refused(() => oidc.authorizationCodeGrant(server, back, trip.checks))
  const afterReplay = await refused(() => oidc.refreshTokenGrant(server, tokens.refresh_token))

  const second = await begin()
  const again = await oidc.authorizationCodeGrant(server, await browser(second.address), second.checks)
  const renewed = await oidc.refreshTokenGrant(server, again.refresh_token)
  const refreshReplay = await refused(() => oidc.refreshTokenGrant(server, again.refresh_token))
  const family = await refused(() => oidc.refreshTokenGrant(server, renewed.refresh_token))

  const third = await begin()
  const wrongVerifier = await browser(third.address).then(at => refused(() => oidc.authorizationCodeGrant(server, at, { ...third.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() })))
  const fourth = await begin()
  const mixUp = await browser(fourth.address).then(at => { at.searchParams.set('iss', 'https://evil.example'); return refused(() => oidc.authorizationCodeGrant(server, at, fourth.checks)) })
  const fifth = await begin()
  const otherState = await browser(fifth.address).then(at => { at.searchParams.set('state', 'made-up'); return refused(() => oidc.authorizationCodeGrant(server, at, fifth.checks)) })
  const plain = await begin({ code_challenge_method: 'plain' })
  const plainChallenge = await browser(plain.address).then(at => refused(() => oidc.authorizationCodeGrant(server, at, plain.checks)))
  const bare = await begin()
  bare.address.searchParams.delete('code_challenge'); bare.address.searchParams.delete('code_challenge_method')
  const noChallenge = await browser(bare.address).then(at => refused(() => oidc.authorizationCodeGrant(server, at, bare.checks)))

  const last = await begin()
  const held = await oidc.authorizationCodeGrant(server, await browser(last.address), last.checks)
  await oidc.tokenRevocation(server, held.refresh_token)
  const revoked = await refused(() => oidc.refreshTokenGrant(server, held.refresh_token))

  console.log(JSON.stringify({
    sub: claims.sub, email: claims.email, me: me.personId, scope: tokens.scope, renewed: renewed.refresh_token !== again.refresh_token,
    codeReplay, afterReplay, refreshReplay, family, wrongVerifier, mixUp, otherState, plainChallenge, noChallenge, revoked
  }))
} catch (e) {
  console.log(JSON.stringify({ error: e.error ?? e.code ?? e.message, cause: String(e.cause?.message ?? e.cause ?? ''), at: e.stack }))
}
process.exit(0)
