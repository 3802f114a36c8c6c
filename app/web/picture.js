// The day's list as it was last on the screen, shown while the app starts: a slow phone takes seconds to compile it.
//
// Invariants
// - Only what the app itself has drawn, on this day, in this build, is ever shown; its status line says of when it is.
// - It is forgotten before anything changes that it shows, and whenever somebody else may be signed in
//   (platform.js, `forgetPicture`); the app's own screen takes its place as soon as that has its data.
// - It carries no ids: nothing takes it for the app. What is tapped in it, the app does once it is there.
//
//   window.huikuan.picture.painted   resolves when the picture is on the screen; at once if there is none
//   window.huikuan.picture.keep(status)   what #main shows now becomes the picture, in a moment
//   window.huikuan.picture.forget()       there is none any more
//   window.huikuan.picture.end()          away with it: the app has something to say
(() => {
  const KEY = 'huikuan.picture';
  const BUILD = '@VERSION@';
  const CARDS = 8; // more than fit a phone's screen
  const SETTLED_MS = 600; // by then the rest of the list is drawn
  const LONGEST_MS = 20_000; // it never hides what the app has to say for longer
  const main = document.getElementById('main');
  const place = document.getElementById('picture');
  const root = document.documentElement;
  let tapped = null;
  let pending = 0;
  let awaited = ''; // the status of a picture that is still to be taken

  const today = () => {
    const now = new Date();
    return `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
  };

  // Where the browser keeps nothing for us, the app starts without a picture.
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return null;
    }
  };

  const forget = () => {
    clearTimeout(pending);
    awaited = '';
    attempt(() => localStorage.removeItem(KEY));
  };

  const isSettled = () => main.firstElementChild && !main.querySelector('.skel');

  function draw(status) {
    const app = main.querySelector('.app');
    if (!app || !isSettled() || location.pathname !== '/') return null;
    // The app starts with its first order of the list: another one would jump.
    if (app.querySelector('#order input')?.checked === false) return null;
    const copy = app.cloneNode(true);
    for (const gone of copy.querySelectorAll(`.banner, #more, #work-list > li:nth-child(n + ${CARDS + 1})`)) gone.remove();
    for (const input of copy.querySelectorAll('input')) {
      input.toggleAttribute('checked', input.checked);
      input.removeAttribute('name');
      input.setAttribute('disabled', '');
    }
    // Without an id or an address the app would not know what was tapped.
    for (const unnamed of copy.querySelectorAll('button:not([id])')) unnamed.setAttribute('disabled', '');
    for (const named of copy.querySelectorAll('[id]')) {
      named.dataset.was = named.id;
      named.removeAttribute('id');
    }
    // The policy for styles lets none in with the markup.
    for (const styled of copy.querySelectorAll('[style]')) {
      styled.dataset.style = styled.style.cssText;
      styled.removeAttribute('style');
    }
    const line = copy.querySelector('[data-was="status-line"]');
    if (!line) return null;
    line.className = 'status off';
    line.removeAttribute('title');
    line.querySelector('svg:first-child')?.remove();
    line.querySelector('[role]').textContent = status;
    line.querySelector('[role]').removeAttribute('role');
    if (!line.querySelector('.dot')) line.insertAdjacentHTML('afterbegin', '<span class="dot" aria-hidden="true"></span>');
    line.querySelector('.dot').className = 'dot live';
    return copy.outerHTML;
  }

  const write = () => attempt(() => {
    clearTimeout(pending);
    const html = awaited && draw(awaited);
    awaited = '';
    if (html) localStorage.setItem(KEY, JSON.stringify({ build: BUILD, day: today(), lang: root.lang, html }));
  });

  const keep = (status) => {
    clearTimeout(pending);
    awaited = status;
    pending = setTimeout(write, SETTLED_MS);
  };

  // Out of sight the system may end the page without another word.
  addEventListener('pagehide', write);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') write(); });

  // --- on the screen --------------------------------------------------------------------------
  function end() {
    if (!root.classList.contains('pictured')) return;
    watch.disconnect();
    root.classList.remove('pictured');
    const focused = place.contains(document.activeElement) && selector(document.activeElement);
    place.replaceChildren();
    if (focused) (main.querySelector(focused) ?? main).focus();
    if (tapped) open();
  }

  // The app's list may be another one by now: then the router gets the address alone.
  function open() {
    const target = main.querySelector(selector(tapped));
    const address = tapped.getAttribute('href');
    if (target) target.click();
    else if (address) {
      history.pushState([1, 0], '', address);
      dispatchEvent(new PopStateEvent('popstate'));
    }
  }

  const watch = new MutationObserver(() => { if (isSettled()) end(); });

  // Links and buttons are found again in the app by address or id.
  function selector(target) {
    if (target.matches('a[href]')) return `a[href="${CSS.escape(target.getAttribute('href'))}"]`;
    return target.dataset.was ? `#${CSS.escape(target.dataset.was)}` : 'main';
  }

  function tap(event) {
    event.preventDefault();
    const target = event.target.closest('a[href], button[data-was]');
    if (!target) return;
    for (const other of place.querySelectorAll('[aria-busy]')) other.removeAttribute('aria-busy');
    target.setAttribute('aria-busy', 'true');
    tapped = target;
  }

  function show() {
    if (location.pathname !== '/' || location.hash) return false;
    const kept = JSON.parse(localStorage.getItem(KEY));
    if (kept?.build !== BUILD || kept.day !== today()) return false;
    if (kept.lang !== (localStorage.getItem('huikuan.language') ?? kept.lang)) return false;
    root.lang = kept.lang;
    place.innerHTML = kept.html;
    for (const styled of place.querySelectorAll('[data-style]')) styled.style.cssText = styled.dataset.style;
    root.classList.add('pictured');
    place.addEventListener('click', tap);
    watch.observe(main, { childList: true, subtree: true });
    setTimeout(end, LONGEST_MS);
    addEventListener('error', end);
    addEventListener('unhandledrejection', end);
    return true;
  }

  // A page out of sight is not painted: it does not wait.
  const painted = () => new Promise((resolve) => {
    setTimeout(resolve, 1_000);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  });

  window.huikuan = { picture: { painted: attempt(show) ? painted() : Promise.resolve(), keep, forget, end } };
})();
