/*
 * Lets the admin's own scripts add styles, as the rich text editor does for its placeholders.
 *
 * The content security policy allows those alone that know the nonce of the page, which is on this
 * script's tag and can be read by scripts only. What came into the page as text does not know it.
 */
(() => {
  const { nonce } = document.currentScript;
  const { createElement } = Document.prototype;

  Document.prototype.createElement = function createWithNonce(...given) {
    const element = createElement.apply(this, given);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
})();
