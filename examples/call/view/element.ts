/** The element of the page with this id. */
export function element<Name extends keyof HTMLElementTagNameMap>(name: Name, id: string): HTMLElementTagNameMap[Name] {
  const found = document.querySelector(`${name}#${id}`);
  if (found === null) throw new Error(`the page has no ${name}#${id}`);
  return found as HTMLElementTagNameMap[Name];
}

/** A new element with a text. */
export function made<Name extends keyof HTMLElementTagNameMap>(name: Name, text = ''): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
