import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { describe, expect, test, vi } from 'vitest';
import { connect } from '../../src/index.ts';
import { type TelemetryOptions, type TraceCarrier, withTelemetry } from '../../src/telemetry/index.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { Collected } from '../support/open-telemetry.ts';
import { type RigSetup, type SessionRig, elapse, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { reportedErrors } from '../support/reported-errors.ts';

useVirtualTime();

const ATTEMPT = 'shiguredo.sora.connect';
const ESTABLISHED = 'shiguredo.sora.connection.established';
const TERMINATED = 'shiguredo.sora.connection.terminated';

/** A tracer, a meter and a logger in front of others that note by name what is called of them. */
function noting(out: Collected): { readonly options: Pick<TelemetryOptions, 'tracer' | 'meter' | 'logger'>; readonly calls: string[] } {
  const calls: string[] = [];
  const noted = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          calls.push(String(name));
          const made: unknown = Reflect.apply(member, target, args);
          return typeof made === 'object' && made !== null && !('spanContext' in made) ? noted(made) : made;
        };
      },
    });
  const { tracer, meter, logger } = out.options;
  return { options: { tracer: noted(tracer), meter: noted(meter), logger: noted(logger) }, calls };
}

interface Observed {
  readonly r: SessionRig;
  readonly out: Collected;
  readonly calls: string[];
}

/** A session that opens: nothing of what is emitted later has been so far. */
function observed(more: Partial<TelemetryOptions> = {}, setup: RigSetup = {}): Observed {
  const out = new Collected();
  const { options, calls } = noting(out);
  const r = rig({ start: 'opening', ...setup, before: ({ session }) => out.observe(session, { ...options, ...more }) });
  return { r, out, calls };
}

const ms = ([seconds, nanoseconds]: HrTime): number => seconds * 1000 + nanoseconds / 1e6;
const times = ({ startTime, endTime }: ReadableSpan): readonly number[] => [ms(startTime), ms(endTime)];

/** Opens for 10 ms, waits 20 ms for the offer, and needs 30 ms for the rest. */
function connectSlowly({ sora }: SessionRig): void {
  elapse(10);
  sora.reach('signaling');
  elapse(20);
  sora.reach('negotiating');
  elapse(30);
  sora.reach('connected');
}

describe('nothing of OpenTelemetry is called', () => {
  test('before the session is connected, and those who wait for that come first', async () => {
    const { r, calls } = observed();
    const order: string[] = [];
    r.session.connected$.subscribe(() => order.push(`connected$ ${calls.length}`));
    void r.session.connect().then(() => order.push(`connect() ${calls.length}`));
    connectSlowly(r);
    expect(calls).toEqual([]);
    await pass(0);
    expect(order).toEqual(['connected$ 0', 'connect() 0']);
    await pass(1);
    expect(new Set(calls)).toEqual(new Set(['startSpan', 'emit', 'add', 'record', ...calls.filter((name) => name.startsWith('create'))]));
  });

  test('by the operator before a session is there', () => {
    const { options, calls } = noting(new Collected());
    withTelemetry(options);
    expect(calls).toEqual([]);
  });
});

describe('the times of spans and events', () => {
  test('are those at which it happened, and not that of the playing', () => {
    vi.setSystemTime(1_800_000_000_000);
    const { r, out } = observed();
    connectSlowly(r);
    elapse(500);
    const since = (at: number): number => at - 1_800_000_000_000;
    const found = Object.fromEntries(out.spans.map((span) => [span.name, times(span).map(since)]));
    expect(found).toMatchObject({
      [ATTEMPT]: [0, 60],
      [`${ATTEMPT}.websocket`]: [0, 10],
      [`${ATTEMPT}.signaling`]: [10, 30],
      [`${ATTEMPT}.negotiation`]: [30, expect.any(Number)],
      [`${ATTEMPT}.ice`]: [60, 60],
    });
    expect(since(ms(out.event(ESTABLISHED).hrTime))).toBe(60);
    r.play('pc failed');
    elapse();
    expect(since(ms(out.event(TERMINATED).hrTime))).toBe(560);
  });

  test('are on one base before and after the playing, although the wall clock is set: no child lies outside of its parent', async () => {
    vi.setSystemTime(1_800_000_000_000);
    const { r, out } = observed({}, { mode: 'D', fake: { now: () => performance.now() } });
    elapse(10);
    vi.setSystemTime(1_700_000_000_000);
    r.sora.reach('switched', () => elapse(0));
    await pass(10);
    vi.setSystemTime(1_900_000_000_000);
    r.play('rx.reoffer');
    await pass(10);
    r.play('pc failed');
    await pass(10);
    const all = [...out.spans.flatMap(times), ...out.records.map(({ hrTime }) => ms(hrTime))];
    expect(Math.min(...all)).toBe(1_800_000_000_000);
    expect(Math.max(...all)).toBeLessThan(1_800_000_000_100);
    const [from = 0, to = 0] = times(out.span(ATTEMPT));
    for (const phase of out.spans.filter(({ name }) => name.startsWith(`${ATTEMPT}.`))) {
      const [start = 0, end = 0] = times(phase);
      expect([from <= start, start <= end, end <= to], phase.name).toEqual([true, true, true]);
    }
    expect(times(out.span('shiguredo.sora.renegotiate'))[0]).toBeGreaterThanOrEqual(to);
  });

  test('of an attempt and the phase in which it fails end together', () => {
    const { r, out } = observed();
    elapse(1500);
    r.play('ws.open');
    elapse(7);
    r.play('ws.close 4490');
    expect(times(out.span(ATTEMPT))).toEqual([0, 1507]);
    expect(times(out.span(`${ATTEMPT}.signaling`))).toEqual([1500, 1507]);
  });

  test('come with the attributes of that time', () => {
    const { r, out } = observed({}, { mode: 'D', start: 'opening' });
    r.sora.reach('switched', () => vi.advanceTimersByTime(0));
    r.play('pc failed');
    elapse();
    const transports = out.records.map(({ eventName, attributes }) => [eventName, attributes['shiguredo.sora.signaling.transport']]);
    expect(transports).toEqual(
      expect.arrayContaining([
        [ESTABLISHED, 'websocket'],
        [TERMINATED, 'datachannel'],
      ]),
    );
  });
});

describe('what waits is emitted', () => {
  test('before the end, where the session ends first', async () => {
    const { r, out, calls } = observed();
    elapse(10);
    r.sora.reach('signaling');
    elapse(20);
    expect(calls).toEqual([]);
    r.play('ws.close 4490');
    expect(r.terminations).toHaveLength(1);
    expect(times(out.span(`${ATTEMPT}.signaling`))).toEqual([10, 30]);
    expect(calls.at(-1)).toBe('emit');
    expect(out.records.map(({ eventName }) => eventName)).toEqual([TERMINATED]);
    expect(await out.points('shiguredo.sora.client.signaling.message.count')).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('before the end, where the session ends in the call that connects it', () => {
    const { r, out } = observed();
    r.session.connected$.subscribe(() => r.play('pc failed'));
    connectSlowly(r);
    elapse(0);
    expect(out.records.map(({ eventName }) => eventName)).toEqual([ESTABLISHED, TERMINATED]);
    elapse(1500);
    expect(out.spans.filter(({ name }) => name === ATTEMPT)).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a second after the session began to open, while connecting lasts, and what follows at once', () => {
    const { r, out, calls } = observed();
    r.play('ws.open');
    elapse(999);
    expect(calls).toEqual([]);
    elapse();
    expect(out.spans.map(({ name }) => name)).toEqual([`${ATTEMPT}.websocket`]);
    r.play('rx.redirect wss://two.sora.test/signaling');
    expect(ms(out.event('shiguredo.sora.connection.redirected').hrTime)).toBe(1000);
    r.sora.reach('connected', () => vi.advanceTimersByTime(0));
    expect(out.events(ESTABLISHED)).toHaveLength(1);
  });

  test('at the latest then, although a redirect begins anew', () => {
    const { r, out } = observed();
    r.play('ws.open');
    elapse(900);
    r.play('rx.redirect wss://two.sora.test/signaling');
    elapse(100);
    expect(out.events('shiguredo.sora.connection.redirected')).toHaveLength(1);
  });

  test('when a page goes away that is not connected yet, before it is flushed', () => {
    const flushed: (string | undefined)[][] = [];
    const page = new EventTarget();
    const out = new Collected();
    rig({
      start: 'signaling',
      wrap: (platform) => ({ ...platform, page }),
      before: ({ session }) => out.observe(session, { flush: () => flushed.push(out.spans.map(({ name }) => name)) }),
    });
    page.dispatchEvent(new Event('pagehide'));
    expect(flushed).toEqual([expect.arrayContaining([ATTEMPT, `${ATTEMPT}.websocket`, `${ATTEMPT}.signaling`])]);
    expect(out.events(TERMINATED)).toHaveLength(1);
  });

  test('all of it, although some of it throws', () => {
    const reported = reportedErrors();
    const broken = (): never => {
      throw new Error('no exporter');
    };
    const { r, out } = observed({ tracer: { startSpan: broken } as never, meter: { createHistogram: broken } as never });
    connectSlowly(r);
    elapse(0);
    expect(out.events(ESTABLISHED)).toHaveLength(1);
    elapse();
    expect(reported).toContainEqual(new Error('no exporter'));
  });

  test.each(['opening', 'signaling', 'negotiating', 'connected'] as const)(
    'by unsubscribing while the session is %s, and no timer is left',
    async (start) => {
      const out = new Collected();
      const fake = createFakePlatform();
      const subscription = connect({
        signalingUrl: 'wss://one.sora.test/signaling',
        channelId: 'sora',
        role: 'recvonly',
        platform: fake.platform,
      })
        .pipe(withTelemetry(out.options))
        .subscribe();
      new FakeSora(fake, { mode: 'W' }).reach(start);
      subscription.unsubscribe();
      expect(out.span(ATTEMPT).ended).toBe(true);
      expect(out.events(TERMINATED)).toHaveLength(1);
      await pass(0);
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});

describe('with a carrier', () => {
  test('only the span of the attempt begins before the session is connected, and is the parent of what is played', () => {
    const carrier: TraceCarrier = {};
    const { r, out, calls } = observed({ carrier });
    expect(calls).toEqual(['startSpan']);
    const { traceparent = '' } = carrier;
    connectSlowly(r);
    expect(calls).toEqual(['startSpan']);
    elapse(500);
    const attempt = out.span(ATTEMPT);
    expect(traceparent).toContain(attempt.spanContext().spanId);
    expect(times(attempt)).toEqual([0, 60]);
    const phases = out.spans.filter((span) => span !== attempt);
    expect(phases.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(phases.map(() => attempt.spanContext().spanId));
  });

  test('a tracer that throws keeps nothing else from being played', () => {
    reportedErrors();
    const startSpan = (): never => {
      throw new Error('no exporter');
    };
    const { r, out } = observed({ carrier: {}, tracer: { startSpan } as never });
    connectSlowly(r);
    elapse(0);
    expect(out.events(ESTABLISHED)).toHaveLength(1);
    elapse();
  });
});
