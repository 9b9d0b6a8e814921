import type { Browser } from 'puppeteer-core';
import type { ConnectOptions, ReconnectPolicy } from 'rx-sora';
import { startLab, type Lab, type LabConnection, type LabOptions } from 'rx-sora-lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filter, firstValueFrom } from 'rxjs';
import { openTab, type Tab } from './open-page.ts';
import type { CallBench, CallOrder } from './page/calls.ts';
import { serve, type Site } from './page-site.ts';

/** What of a call is not the usual. */
type CallWishes = Partial<Omit<CallOrder, 'options'>> & { readonly options?: Partial<ConnectOptions> };

/** Short waits, so that an attempt follows the other within a second. */
const quick: ReconnectPolicy = { initialDelayMs: 100, maxDelayMs: 400, settleMs: 200, maxAttempts: 200 };

/** Waits for an hour before the first attempt, unless something shortens it. */
const patient: ReconnectPolicy = { settleMs: 3_600_000, maxElapsedMs: 2_000_000_000 };

/** Waits for up to an hour before every attempt: each has to be asked for. */
const onDemand: ReconnectPolicy = { ...patient, initialDelayMs: 3_600_000, maxDelayMs: 3_600_000 };

/** The tests of calls that come back, or do not, in one browser. To be called within a `describe`. They run side by side: most of each is waiting. */
export function testCalls(launch: () => Promise<Browser>, runtime: 'chromium' | 'firefox'): void {
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), serve('calls')]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), site.close()]);
  });

  /** A tab with a call in it, and the server of this call alone. */
  class Scene {
    readonly tab: Tab<CallBench>;
    readonly lab: Lab;

    private constructor(tab: Tab<CallBench>, lab: Lab) {
      this.tab = tab;
      this.lab = lab;
    }

    static async open(options: LabOptions = {}): Promise<Scene> {
      const [tab, lab] = await Promise.all([openTab<CallBench>(browser, site), startLab({ normalCloseReason: true, ...options })]);
      return new Scene(tab, lab);
    }

    /** Begins a call and waits for a word, by default until it is up. */
    async begin(order: CallWishes = {}, word = 'connected'): Promise<void> {
      const { options, policy, ...rest } = order;
      const whole = {
        hasCamera: true,
        ...rest,
        options: {
          signalingUrl: this.lab.url,
          channelId: 'call',
          clientId: 'me',
          role: 'sendonly',
          audio: false,
          // What the page sends into a TCP connection that was cut is answered with a reset, which Firefox tells as an error.
          skipIceCandidateEvent: true,
          ...options,
        },
        policy: { ...quick, ...policy },
      } as const;
      await this.tab.run(({ begin }, order) => begin(order as CallOrder), whole);
      await this.said(word);
    }

    /** Sets the limit of every attempt that begins from now on. */
    limit(connectionMs: number): Promise<void> {
      return this.tab.run(({ call }, connectionMs) => call().limit(connectionMs), connectionMs);
    }

    said(word: string, times = 1): Promise<readonly string[]> {
      return this.tab.run(({ call }, { word, times }) => call().said(word, times), { word, times });
    }

    retryNow(): Promise<void> {
      return this.tab.run(({ call }) => call().retryNow());
    }

    /** The lab's side of the session that stands, or of the first that comes after another one. */
    connection(after?: LabConnection): Promise<LabConnection> {
      return firstValueFrom(this.lab.connections$.pipe(filter(({ connectionId }) => connectionId !== after?.connectionId)));
    }

    /** The server crashes: its connections are cut and its port is closed. Returns what brings it back. */
    async crash(): Promise<() => void> {
      const connection = await this.connection();
      const rule = this.lab.faults.add({ fault: { kind: 'refused' } });
      connection.cutWebSocket();
      return () => this.lab.faults.remove(rule);
    }

    /** The user follows a link and comes back, and the call with them. */
    async leaveAndReturn(first: LabConnection): Promise<void> {
      await this.tab.leave();
      const second = this.connection(first);
      // No browser tells of a load where nothing is loaded, and the server may hear of the page before whoever watches the tab does.
      await this.tab.page.evaluate('void history.back()');
      await Promise.all([second, this.tab.page.waitForFunction('bench.hasBegun()', { polling: 100 })]);
    }

    /** Leaves the call if it is not over, and checks that nothing of it is left. */
    async close(): Promise<void> {
      const rest = await this.tab.run(({ call }) => {
        const { subscription } = call();
        subscription.unsubscribe();
        return call().rest;
      });
      expect(new Set(rest.camera)).toEqual(new Set(rest.camera.length > 0 ? ['ended'] : []));
      expect(rest.open).toEqual([]);
      expect(this.tab.errors).toEqual([]);
      await Promise.all([this.tab.close(), this.lab.close()]);
    }
  }

  const camera = (scene: Scene): Promise<readonly string[]> => scene.tab.run(({ call }) => call().rest.camera);

  describe.concurrent('a call', { timeout: 120_000 }, () => {
    test('comes back after its WebSocket was cut, with the same camera', async () => {
      const scene = await Scene.open();
      await scene.begin();
      (await scene.connection()).cutWebSocket();
      const words = await scene.said('connected', 2);
      expect(words).toEqual(['attempt 1', 'connected', 'backoff 1: websocket-closed', 'attempt 1', 'connected']);
      expect(await camera(scene)).toEqual(['live']);
      await scene.close();
    });

    test('comes back when the server does', async () => {
      const scene = await Scene.open();
      await scene.begin();
      const bringBack = await scene.crash();
      await scene.said('backoff 3');
      bringBack();
      const words = await scene.said('connected', 2);
      expect(words.slice(0, 7)).toEqual([
        'attempt 1',
        'connected',
        'backoff 1: websocket-closed',
        'attempt 1',
        'backoff 2: websocket-error',
        'attempt 2',
        'backoff 3: websocket-error',
      ]);
      expect(await camera(scene)).toEqual(['live']);
      await scene.close();
    });

    test('gives up a server that does not come back, after as many attempts as the policy allows', async () => {
      const scene = await Scene.open();
      await scene.begin({ policy: { maxAttempts: 3 } });
      await scene.crash();
      const words = await scene.said('complete');
      expect(words).toEqual([
        'attempt 1',
        'connected',
        'backoff 1: websocket-closed',
        'attempt 1',
        'backoff 2: websocket-error',
        'attempt 2',
        'backoff 3: websocket-error',
        'attempt 3',
        'over 3: websocket-error',
        'complete',
      ]);
      expect(await camera(scene)).toEqual(['ended']);
      await scene.close();
    });

    test('comes back after the network was gone for sockets and ICE alike, as long as ICE takes to notice', async () => {
      const scene = await Scene.open({ iceFailedTimeoutMs: 60_000 });
      await scene.begin({
        options: { iceDisconnectedRule: 'always', timeouts: { iceDisconnectedMs: 500 } },
        policy: onDemand,
      });
      (await scene.connection()).fallSilent();
      // What is sent arrives nowhere: TCP connects, and then there is silence.
      const rule = scene.lab.faults.add({ fault: { kind: 'upgrade-silent' } });
      await scene.said('backoff 1');
      // This attempt waits its limit out; those that get through need theirs on a slow machine.
      await scene.limit(1000);
      await scene.retryNow();
      await scene.said('backoff 2');
      scene.lab.faults.remove(rule);
      await scene.limit(60_000);
      await scene.retryNow();
      expect(await scene.said('connected', 2)).toEqual([
        'attempt 1',
        'connected',
        'backoff 1: ice-disconnected-timeout',
        'attempt 1',
        'backoff 2: connect-timeout',
        'attempt 2',
        'connected',
      ]);
      expect(await camera(scene)).toEqual(['live']);
      await scene.close();
    });

    test('ends with a kick, and the light of the camera goes off', async () => {
      const scene = await Scene.open();
      await scene.begin();
      (await scene.connection()).disconnect();
      expect(await scene.said('complete')).toEqual(['attempt 1', 'connected', 'over 1: server-close', 'complete']);
      expect(await camera(scene)).toEqual(['ended']);
      await scene.close();
    });

    test('gets in with a renewed token where the old one has expired', async () => {
      const auth: LabOptions['auth'] = ({ metadata }) =>
        (metadata as { readonly token?: unknown }).token === 'fresh' ? { allowed: true } : { allowed: false, reason: 'EXPIRED' };
      const scene = await Scene.open({ auth });
      await scene.begin({ tokens: ['expired', 'fresh'], atOnceAfter: [4490] });
      expect(await scene.said('connected')).toEqual(['attempt 1', 'backoff 2: server-close', 'attempt 2', 'connected']);
      await scene.close();
    });

    test('that is refused and has no better token is over', async () => {
      const scene = await Scene.open({ auth: () => ({ allowed: false, reason: 'EXPIRED' }) });
      await scene.begin({ tokens: ['expired'] }, 'complete');
      expect(await scene.said('complete')).toEqual(['attempt 1', 'over 1: server-close', 'complete']);
      expect(await camera(scene)).toEqual(['ended']);
      await scene.close();
    });

    test('tries nothing while the browser is offline, and again as soon as it is back', async () => {
      const scene = await Scene.open();
      await scene.begin({ policy: patient });
      await scene.tab.page.setOfflineMode(true);
      (await scene.connection()).cutWebSocket();
      await scene.said('offline');
      await scene.retryNow();
      const offline = ['attempt 1', 'connected', 'offline 1: websocket-closed'];
      expect(await scene.said('offline')).toEqual(offline);
      await scene.tab.page.setOfflineMode(false);
      const words = await scene.said('connected', 2);
      // A browser may say that it is online a moment before it is: more attempts may have followed.
      expect(words.slice(0, 4)).toEqual([...offline, 'attempt 1']);
      expect(words.at(-1)).toBe('connected');
      await scene.close();
    });

    test('comes back at once when the user wants it now', async () => {
      const scene = await Scene.open();
      await scene.begin({ policy: patient });
      (await scene.connection()).cutWebSocket();
      await scene.said('backoff 1');
      await scene.retryNow();
      expect(await scene.said('connected', 2)).toEqual(['attempt 1', 'connected', 'backoff 1: websocket-closed', 'attempt 1', 'connected']);
      await scene.close();
    });

    // Firefox keeps no page that has a socket when it is left, whatever the page closes then, and neither browser one with a camera.
    if (runtime === 'chromium') {
      test('comes back with its page from the back-forward cache', async () => {
        const scene = await Scene.open();
        await scene.begin({ hasCamera: false, options: { role: 'recvonly' } });
        await scene.leaveAndReturn(await scene.connection());
        const words = await scene.said('connected', 2);
        expect(words).toEqual(['attempt 1', 'connected', 'backoff 1: client-disconnect', 'attempt 1', 'connected']);
        await scene.close();
      });
    }

    test('that waits in the back-forward cache begins its attempt when the page is back', async () => {
      const scene = await Scene.open();
      await scene.begin({ hasCamera: false, options: { role: 'recvonly' }, policy: patient });
      const first = await scene.connection();
      first.cutWebSocket();
      await scene.said('backoff 1');
      await scene.leaveAndReturn(first);
      expect(await scene.said('connected', 2)).toEqual(['attempt 1', 'connected', 'backoff 1: websocket-closed', 'attempt 1', 'connected']);
      await scene.close();
    });
  });
}
