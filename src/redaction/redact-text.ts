/** What stands where something was taken out. */
export const redacted = '[redacted]';

/** UTF-16 code units that are kept of a text, and that are looked at: what is cut off unseen could not be cleaned. */
const longestText = 4096;
const longestLook = 65_536;

/** Lines of an SDP that say what is negotiated and nothing about who, where or with what secret. */
const harmlessLine =
  /^(m=|a=(mid|setup|rid|simulcast|msid|rtpmap|fmtp|group|extmap|sendrecv|sendonly|recvonly|inactive|sctp-port|max-message-size)\b)/;

/** Where nothing of what is cleaned begins, there is nothing to clean: most texts are names. */
const suspicious = /\ba=|\bcandidate:|\b(?:wss?|https?|turns?|stuns?):|\beyJ/i;

/** A whole description, as opposed to a text that quotes a line of one. */
const description = /^v=0\r?\n/;

const credentialLine = /\ba=(ice-pwd|ice-ufrag|fingerprint|candidate|crypto|ssrc)[:\s][^\r\n]*/gi;

const candidateText = /\bcandidate:\S+ \d+ \w+ \d+ \S+ \d+ typ (\w+)[^\r\n"]*/gi;

const anyUrl = /\b(?:wss?|https?|turns?|stuns?):[^\s"'<>]+/gi;

/** A JSON Web Token: header and payload in base64url, and mostly a signature. */
const token = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g;

/**
 * A text without secrets: of an SDP the lines that say what is negotiated, of a candidate its type, of a URL what stands before the query,
 * without user and password, and nothing of a token. Long texts are cut. Pure and repeatable: a redacted text stays the same.
 */
export function redactText(text: string): string {
  const seen = text.length > longestLook ? wholeWords(text.slice(0, longestLook)) : text;
  const clean = description.test(seen) ? negotiatedLines(seen) : withoutCredentials(seen);
  return clean.length > longestText || seen.length < text.length ? `${clean.slice(0, longestText)}…` : clean;
}

/** A URL without user, password, query and fragment. */
export function redactUrl(url: string): string {
  return redactText(url);
}

function withoutCredentials(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replaceAll(credentialLine, (_, name: string) => `a=${name}:${redacted}`)
    .replaceAll(candidateText, (_, type: string) => `candidate typ ${type}`)
    .replaceAll(anyUrl, withoutSecrets)
    .replaceAll(token, redacted);
}

/** A word that was cut in two might not be known as a secret any more. */
function wholeWords(text: string): string {
  return text.slice(0, Math.max(0, text.lastIndexOf(' '), text.lastIndexOf('\n')));
}

function negotiatedLines(sdp: string): string {
  const lines = sdp.split(/\r?\n/).filter((line) => harmlessLine.test(line));
  return ['v=0', ...lines, ''].join('\r\n');
}

/** How a TURN server is reached is no secret and tells why a connection failed. @source RFC 7065, 3.1 */
const turnTransport = /^\?transport=(udp|tcp)$/;

function withoutSecrets(found: string): string {
  const [, base = '', query = ''] = /^([^?#]*)(\??[^#]*)/.exec(found) ?? [];
  const withoutUser = base.replace(/^(\w+:[\\/]*)[^\\/]*@/, '$1');
  return turnTransport.test(query) ? withoutUser + query : withoutUser;
}
