// Marks and rows point at each other: what is pointed at or focused on one side lights up on the other.
(() => {
  const rowOf = (id) => document.getElementById("row-" + id);
  const marksOf = (id) => document.querySelectorAll('.mark[data-rows~="' + CSS.escape(id) + '"]');
  const light = (ids, on) => {
    for (const id of ids) {
      marksOf(id).forEach((mark) => mark.classList.toggle("on", on));
      const row = rowOf(id);
      if (row) row.classList.toggle("on", on);
    }
  };
  for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    for (const [event, on] of [[enter, true], [leave, false]]) {
      document.addEventListener(event, (e) => {
        if (!(e.target instanceof Element)) return;
        const mark = e.target.closest(".mark");
        const row = e.target.closest("[data-row]");
        if (mark) light(mark.dataset.rows.split(" "), on);
        else if (row) light([row.dataset.row], on);
      });
    }
  }
  // A row inside a closed table must open before it can be shown.
  const reveal = () => {
    const row = location.hash.startsWith("#row-") && document.getElementById(location.hash.slice(1));
    if (!row) return;
    const table = row.closest("details");
    if (table) table.open = true;
    row.scrollIntoView({ block: "nearest" });
    row.focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", reveal);
  reveal();
})();
