import { redacted } from '../signaling/redact-text.ts';
import type { OfferMessage } from '../signaling/messages.ts';
import type { Failure } from '../termination/sources.ts';

/** Shorter texts are words like any other: masking them would make errors unreadable and protect nothing. */
const SHORTEST = 4;

/** So many texts are remembered; metadata is a token and a few names, not a data set. */
const MOST = 1000;

/**
 * The secrets that went through a session, so that they can be taken out of what a platform says of a failed call: a browser quotes what it
 * was given, and nobody can know in which form (P29).
 */
export interface KnownSecrets {
  /** Every text and number in a value, whatever its depth. */
  readonly learn: (value: unknown) => void;
  /** User, password and query of a URL. */
  readonly learnUrl: (url: string) => void;
  /** What an offer hands out: metadata, TURN credentials, ICE credentials. */
  readonly learnOffer: (offer: OfferMessage) => void;
  readonly clean: (failure: Failure) => Failure;
}

export function createKnownSecrets(): KnownSecrets {
  const known = new Set<string>();

  function learnText(text: string): void {
    if (text.length >= SHORTEST && known.size < MOST) known.add(text);
  }
  function learn(value: unknown): void {
    if (typeof value === 'string') learnText(value);
    else if (typeof value === 'number') learnText(String(value));
    else if (typeof value === 'object' && value !== null && known.size < MOST) Object.values(value).forEach(learn);
  }
  return {
    learn,
    learnUrl: (url) => {
      for (const [, secret = ''] of url.matchAll(/[?&;][^=&]*=([^&#]+)|\/\/([^/@]+)@/g)) learnText(secret);
      for (const [, user = '', password = ''] of url.matchAll(/\/\/([^/@:]+)(?::([^/@]*))?@/g)) [user, password].forEach(learnText);
    },
    learnOffer: ({ metadata, config, sdp }) => {
      learn(metadata);
      for (const { username, credential } of config?.iceServers ?? []) learn([username, credential]);
      for (const [, credential] of sdp.matchAll(/^a=ice-(?:pwd|ufrag):(\S+)/gm)) learn(credential);
    },
    clean: (failure) => {
      const found = [...known].filter((secret) => failure.message.includes(secret)).sort((a, b) => b.length - a.length);
      const message = found.reduce((text, secret) => text.replaceAll(secret, redacted), failure.message);
      return { ...failure, name: known.has(failure.name) ? 'Error' : failure.name, message };
    },
  };
}
