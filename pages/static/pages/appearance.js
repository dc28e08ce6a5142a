// Shows how a page looks in a search result and as a card, from what is typed.
(() => {
  const AFTER_TYPING = 400;
  const OF_THE_SITE = 'The picture of the site, since the page has none of its own.';
  const panel = () => document.querySelector('[data-appearance]');
  const typed = (name) => (document.getElementById(`id_${name}`)?.value ?? '').trim().replace(/\s+/g, ' ');
  const chosen = (name) => {
    if (!typed(name)) return '';
    return document.querySelector(`#id_${name}-chooser [data-chooser-image]`)?.src ?? '';
  };

  // As `beginning_of` in pages/seo/words.py cuts.
  const cut = (text, longest) => {
    const letters = [...text];
    if (letters.length <= longest) return text;
    let words = letters.slice(0, longest - 1).join('');
    if (!/\s/.test(letters[longest - 1])) {
      words = words.slice(0, words.lastIndexOf(' ')) || words;
    }
    return `${words.replace(/[ ,;:–—-]+$/, '')}…`;
  };

  const address = ({ address: above, hasSlug }) => {
    const place = new URL(above);
    const names = place.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    return [place.host, ...names, ...(hasSlug ? [typed('slug')] : [])].filter(Boolean).join(' › ');
  };

  const notes = (title, description, { longestTitle, longestDescription }) => {
    const found = [];
    const count = (text) => [...text].length;
    if (count(title) > longestTitle) {
      found.push(`The title has ${count(title)} letters; about ${longestTitle} are shown.`);
    }
    const written = typed('search_description');
    if (count(written) > longestDescription) {
      found.push(`The description has ${count(written)} letters; about ${longestDescription} are shown.`);
    }
    if (!written && description) {
      found.push('Without a description, the beginning of the page is shown as it was last saved.');
    } else if (!written) {
      found.push('There is no description: search engines choose words of the page.');
    }
    return found;
  };

  const picture = (title, { card, siteName, sitePicture, isHome }) => {
    const own = chosen('social_image');
    if (own) return [own, 'The picture you chose for social networks. It is cut to this shape.'];
    const header = chosen('header_image');
    if (header) return [header, 'The header picture. It is cut to this shape.'];
    if (sitePicture && isHome) return [sitePicture, OF_THE_SITE];
    if (!title) return ['', ''];
    const asked = new URLSearchParams({ title, name: siteName });
    return [`${card}?${asked}`, 'Made from the title, since the page has no picture.'];
  };

  const setText = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  // What stands there may be another picture in its place.
  let drawnFrom;
  const draw = () => {
    const element = panel();
    if (!element) return;
    const told = element.dataset;
    const title = typed('seo_title') || typed('title');
    const description = typed('search_description') || told.said;
    const shown = {
      address: address(told),
      title: cut(title, told.longestTitle) || 'No title yet',
      description: cut(description, told.longestDescription),
      site: told.siteName,
      'card-title': title || 'No title yet',
      'card-description': cut(description, told.longestDescription),
    };
    Object.entries(shown).forEach(([name, text]) => {
      setText(element.querySelector(`[data-shown="${name}"]`), text);
    });
    const keptOut = document.getElementById('id_noindex')?.checked ?? false;
    element.querySelector('[data-kept-out]').hidden = !keptOut;
    element.querySelector('[data-result]').hidden = keptOut;

    const list = element.querySelector('[data-cut]');
    const lines = keptOut ? [] : notes(title, description, told);
    if ([...list.children].map((each) => each.textContent).join() !== lines.join()) {
      list.replaceChildren(...lines.map((line) => {
        const item = document.createElement('li');
        item.textContent = line;
        return item;
      }));
    }

    const image = element.querySelector('[data-picture]');
    const origin = element.querySelector('[data-origin]');
    const [source, words] = picture(title, told);
    if (drawnFrom !== source) {
      drawnFrom = source;
      if (source) image.setAttribute('src', source);
      else image.removeAttribute('src');
      setText(origin, words);
    }
    image.onerror = () => {
      if (told.sitePicture && source !== told.sitePicture) {
        image.setAttribute('src', told.sitePicture);
        setText(origin, `The title has letters that cannot be drawn. ${OF_THE_SITE}`);
        return;
      }
      image.removeAttribute('src');
      setText(origin, 'The title has letters that cannot be drawn: the card has no picture. Choose one.');
    };
  };

  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, AFTER_TYPING);
  };
  document.addEventListener('DOMContentLoaded', () => {
    if (!panel()) return;
    draw();
    // Choosers and the slug are also changed by scripts, not all of which send an event.
    ['input', 'change', 'click', 'w-autosave:success'].forEach((name) => document.addEventListener(name, soon));
  });
})();
