/** A JSON object; members that are undefined are left out when it is written. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** What JSON can carry. @source RFC 8259 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** Whether a value is a JSON object as opposed to null, an array or a plain value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Anything that JSON can carry, values of an interface type included, which TypeScript does not take for a {@link JsonObject}. */
export type Serializable = string | number | boolean | null | object;
