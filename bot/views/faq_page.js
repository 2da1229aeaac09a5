"use strict";
// The page is whole without this: it adds the search box, and folds the contents where there is little room.
(() => {
  const form = document.getElementById("_search");
  const field = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const folded = matchMedia("(max-width: 59.99rem)");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  const wordsOf = (text) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const entries = [...document.querySelectorAll("article")].map((article) => ({
    article,
    line: document.querySelector(`nav a[href="#${CSS.escape(article.id)}"]`).parentElement,
    words: [...new Set(wordsOf(`${article.textContent} ${article.dataset.also ?? ""}`))],
  }));

  // A word is found by its beginning, and in its plural or singular.
  const fits = (word, asked) =>
    word.startsWith(asked) || (word.length > 3 && asked.startsWith(word) && asked.length - word.length < 3);
  const having = (asked) => new Set(entries.filter((entry) => entry.words.some((word) => fits(word, asked))));

  // The entries that have all of the words, or else as many as any has; and whether that is all.
  const found = () => {
    const asked = [...new Set(wordsOf(field.value))].map(having);
    // What stands in most answers tells nothing, unless nothing else was asked for.
    const rare = asked.filter((some) => some.size <= entries.length / 2);
    const telling = rare.length ? rare : asked;
    const count = (entry) => telling.filter((some) => some.has(entry)).length;
    const most = Math.max(0, ...entries.map(count));
    return [entries.filter((entry) => most && count(entry) === most), most === telling.length];
  };

  const say = (number, whole) => {
    if (!number) return form.dataset.none;
    if (!whole) return form.dataset.some;
    return number === 1 ? form.dataset.one : form.dataset.many;
  };

  const show = () => {
    const nothing = !wordsOf(field.value).length;
    const [some, whole] = nothing ? [entries, true] : found();
    const shown = new Set(some);
    for (const entry of entries) entry.article.hidden = entry.line.hidden = !shown.has(entry);
    for (const section of document.querySelectorAll("section")) {
      section.hidden = !section.querySelector("article:not([hidden])");
    }
    status.textContent = nothing ? "" : say(shown.size, whole).replace("{number}", shown.size);
  };

  // Whoever follows a link to an answer that the search has put away gets to see it.
  const reveal = () => {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!aim || !aim.closest("[hidden]")) return;
    field.value = "";
    show();
    aim.scrollIntoView();
  };

  for (const details of document.querySelectorAll("nav details")) details.open = !folded.matches;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", show);
  addEventListener("hashchange", reveal);
  show();
})();
