import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReplaySubject, filter, firstValueFrom, map } from 'rxjs';

/** An attribute or a value as OTLP writes it in JSON. */
export interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

export interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface OtlpRecord {
  readonly eventName?: string;
  readonly severityText?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly body?: OtlpValue;
  readonly attributes: readonly OtlpAttribute[];
}

export interface OtlpMetric {
  readonly name: string;
  readonly unit?: string;
}

/** A message of OTLP/HTTP, one of the three. */
interface OtlpRequest {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
  readonly resourceLogs?: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly OtlpRecord[] }[] }[];
  readonly resourceMetrics?: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[] }[];
}

/** Attributes as an object. */
export const plainAttributes = (attributes: readonly OtlpAttribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));

function plain({ arrayValue, ...one }: OtlpValue): unknown {
  return arrayValue === undefined ? Object.values(one)[0] : arrayValue.values.map(plain);
}

/**
 * A receiver of OTLP/HTTP in JSON on 127.0.0.1, for any origin, as a collector is to a page. It keeps what it got: what is asked for may have come already, or is
 * waited for.
 *
 * @source OTLP specification 1.9, OTLP/HTTP
 */
export class OtlpReceiver {
  readonly #requestSubject = new ReplaySubject<OtlpRequest>(Infinity);
  readonly #bodies: string[] = [];
  readonly #server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    if (request.method === 'OPTIONS') {
      response.end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      this.#bodies.push(body);
      response.setHeader('content-type', 'application/json');
      response.end('{}');
      this.#requestSubject.next(JSON.parse(body) as OtlpRequest);
    });
  });

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Everything that came, as it was on the wire. */
  get text(): string {
    return this.#bodies.join('\n');
  }

  span(wanted: (span: OtlpSpan) => boolean): Promise<OtlpSpan> {
    return this.#first(
      ({ resourceSpans = [] }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      wanted,
    );
  }

  record(wanted: (record: OtlpRecord) => boolean): Promise<OtlpRecord> {
    return this.#first(
      ({ resourceLogs = [] }) => resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
      wanted,
    );
  }

  metric(name: string): Promise<OtlpMetric> {
    return this.#first(
      ({ resourceMetrics = [] }) => resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
      (metric) => metric.name === name,
    );
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #first<Item>(items: (request: OtlpRequest) => readonly Item[], wanted: (item: Item) => boolean): Promise<Item> {
    return firstValueFrom(
      this.#requestSubject.pipe(
        map((request) => items(request).find(wanted)),
        filter((item) => item !== undefined),
      ),
    );
  }
}
