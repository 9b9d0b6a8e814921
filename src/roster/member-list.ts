/** An immutable list of items by id, in the order of their arrival. Changing and passing it on cost the same however long it is. */
export interface MemberList<Item> {
  get(id: string): Item | undefined;
  /** All items as an array, which is made when it is first asked for. */
  items(): readonly Item[];
  with(id: string, item: Item): MemberList<Item>;
  without(id: string): MemberList<Item>;
}

interface Entry<Item> {
  /** Says where it stands, also when a removal is undone. */
  readonly arrival: number;
  readonly item: Item;
}

export const memberList = <Item>(): MemberList<Item> => new Version<Item>(new Map());

/**
 * The versions of one list share a table that holds the newest. An older version knows how it differs from the next, so it can still be read at the cost
 * of going back step by step (Baker, shallow binding).
 */
class Version<Item> implements MemberList<Item> {
  readonly #table: Map<string, Entry<Item>>;
  #newer: { readonly version: Version<Item>; readonly id: string; readonly before: Entry<Item> | undefined } | null = null;
  #items: readonly Item[] | null = null;

  constructor(table: Map<string, Entry<Item>>) {
    this.#table = table;
  }

  get(id: string): Item | undefined {
    let version: Version<Item> = this; // eslint-disable-line @typescript-eslint/no-this-alias -- the walk begins here
    for (let newer = version.#newer; newer !== null; newer = version.#newer) {
      if (newer.id === id) return newer.before?.item;
      version = newer.version;
    }
    return this.#table.get(id)?.item;
  }

  items(): readonly Item[] {
    if (this.#items !== null) return this.#items;
    const undo: { readonly id: string; readonly before: Entry<Item> | undefined }[] = [];
    let version: Version<Item> = this; // eslint-disable-line @typescript-eslint/no-this-alias -- the walk begins here
    for (let newer = version.#newer; newer !== null; newer = version.#newer) {
      undo.push(newer);
      version = newer.version;
    }
    let entries = this.#table;
    if (undo.length > 0) {
      entries = new Map(entries);
      for (const { id, before } of undo.reverse()) {
        if (before === undefined) entries.delete(id);
        else entries.set(id, before);
      }
    }
    const inOrder = undo.length === 0 ? [...entries.values()] : [...entries.values()].sort((a, b) => a.arrival - b.arrival);
    this.#items = inOrder.map(({ item }) => item);
    return this.#items;
  }

  with(id: string, item: Item): MemberList<Item> {
    return this.#change(id, { arrival: this.#table.get(id)?.arrival ?? (arrivals += 1), item });
  }

  without(id: string): MemberList<Item> {
    return this.#table.has(id) ? this.#change(id, undefined) : this;
  }

  /** Only the newest version can be changed: the fold that owns the list goes forward only. */
  #change(id: string, entry: Entry<Item> | undefined): Version<Item> {
    const next = new Version<Item>(this.#table);
    this.#newer = { version: next, id, before: this.#table.get(id) };
    if (entry === undefined) this.#table.delete(id);
    else this.#table.set(id, entry);
    return next;
  }
}

let arrivals = 0;
