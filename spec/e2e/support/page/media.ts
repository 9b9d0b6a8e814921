import * as media from 'rx-sora/media';
import * as rx from 'rxjs';

/** What the browser has handed out, whoever asked for it and whether it was taken or not. */
const obtained: MediaStream[] = [];
const obtainedSubject = new rx.ReplaySubject<MediaStream>(Infinity);
obtainedSubject.subscribe((stream) => obtained.push(stream));
const contexts: AudioContext[] = [];

const { mediaDevices } = navigator;
const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
const getDisplayMedia = mediaDevices.getDisplayMedia.bind(mediaDevices);
async function note(asked: Promise<MediaStream>): Promise<MediaStream> {
  const stream = await asked;
  obtainedSubject.next(stream);
  return stream;
}
mediaDevices.getUserMedia = (constraints) => note(getUserMedia(constraints));
mediaDevices.getDisplayMedia = (constraints) => note(getDisplayMedia(constraints));

class NotedAudioContext extends AudioContext {
  constructor() {
    super();
    contexts.push(this);
  }
}
globalThis.AudioContext = NotedAudioContext;

/** Everything that a stream says, as words. */
interface Told {
  readonly words: string[];
  readonly subscription: rx.Subscription;
  /** Waits for a word. */
  readonly said: (word: string) => Promise<readonly string[]>;
}

function tell<Value>(source$: rx.Observable<Value>, toWord: (value: Value) => string): Told {
  const words: string[] = [];
  const wordSubject = new rx.ReplaySubject<string>(Infinity);
  wordSubject.subscribe((word) => words.push(word));
  const subscription = source$.subscribe({
    next: (value) => wordSubject.next(toWord(value)),
    complete: () => wordSubject.next('complete'),
    error: (error: unknown) => {
      const { code, constraint, message } = error as media.SoraMediaError;
      wordSubject.next(error instanceof media.SoraMediaError ? `${code} ${constraint}`.trim() : `not typed: ${message}`);
    },
  });
  const said = async (word: string): Promise<readonly string[]> => {
    await rx.firstValueFrom(wordSubject.pipe(rx.filter((each) => each === word)));
    return words;
  };
  return { words, subscription, said };
}

const told = new Map<string, Told>();

/** The tone of an oscillator as a stream: no microphone, so the browser has no reason to let the page play. */
function tone(): MediaStream {
  const context = new AudioContext();
  const oscillator = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  return destination.stream;
}

function element(): HTMLVideoElement {
  const video = document.createElement('video');
  video.style.cssText = 'display: block; width: 100px; height: 100px; background: grey';
  document.body.append(video);
  return video;
}

const bench = {
  rx,
  ...media,
  obtained,
  obtained$: obtainedSubject.asObservable(),
  contexts,
  element,
  tone,
  /** Waits until a context is closed. */
  closed: (context: AudioContext): Promise<string> =>
    rx.firstValueFrom(
      rx.merge(rx.of(null), rx.fromEvent(context, 'statechange')).pipe(
        rx.map(() => context.state),
        rx.filter((state) => state === 'closed'),
      ),
    ),
  /** Subscribes, and gives the subscriber a name. */
  watch: <Value>(name: string, source$: rx.Observable<Value>, toWord: (value: Value) => string): Told => {
    const entry = tell(source$, toWord);
    told.set(name, entry);
    return entry;
  },
  told: (name: string): Told => {
    const found = told.get(name);
    if (found === undefined) throw new Error(`nobody watches ${name}`);
    return found;
  },
  /** The tracks of everything that was handed out: `video live`. */
  tracks: (): readonly string[] =>
    obtained.flatMap((stream) => stream.getTracks().map(({ kind, readyState }) => `${kind} ${readyState}`)).sort(),
};

/** What a page with devices offers. */
export type MediaBench = typeof bench;

Object.assign(globalThis, { bench });

// Before anybody has touched the page: a script that a spec runs may count as a touch.
if (location.hash === '#untouched') {
  const video = element();
  // A page that keeps clicks to itself.
  for (const type of ['mousedown', 'pointerup']) video.addEventListener(type, (event) => event.stopPropagation());
  const words = await bench.watch('playback', media.playback(video, tone()), ({ kind }) => kind).said('blocked');
  console.info(words.join(' '));
}
