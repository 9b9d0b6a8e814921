/** What no output may ever hold (P29). */
const token = 'SECRET-TOKEN-7f3a91';
const credential = 'SECRET-CREDENTIAL-55e0c2';
const authMetadata = 'SECRET-AUTH-METADATA-b81d';
const icePassword = 'SECRETICEPWD90af13bcdd21';

export const secrets = {
  all: [token, credential, authMetadata, icePassword] as readonly string[],
  /** the option `metadata` */
  metadata: { access_token: token },
  /** members of the offer */
  offer: {
    config: {
      iceServers: [{ urls: ['turn:192.0.2.1:3478'], username: 'user-SECRET-CREDENTIAL-55e0c2', credential }],
      iceTransportPolicy: 'relay',
    },
    metadata: { role: authMetadata },
  },
  icePassword,
  /** what a native call may say in its error */
  inAnError: `could not use ${token}`,
};
