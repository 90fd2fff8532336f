"""What is measured on a page: targets too small for a thumb, text that is cut, sideways scrolling.

Each is a script for `page.evaluate` that answers with what is wrong.
"""

WIDTHS = (320, 390, 640, 1280)  # 640: a desk of 1280 at 200 %
THUMB = 44
SMALL = f"""() => {{
  const shown = (each) => {{
    const box = each.getBoundingClientRect();
    const away = each.closest('.zh-skip, .zh-hidden, details:not([open]) > :not(summary)');
    return box.width > 0 && box.height > 0 && !away;
  }};
  const target = (each) => each.closest('label') ?? each;
  return [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
    .filter(shown)
    .map((each) => [each, target(each).getBoundingClientRect()])
    .filter(([, box]) => box.width < {THUMB} || box.height < {THUMB})
    .map(([each, box]) => `${{each.outerHTML.slice(0, 90)}} ${{box.width}}x${{box.height}}`);
}}"""
# Text that sticks out of the window, or out of a box that hides what does not fit; text that is
# crushed into a column of one or two letters.
CUT = """() => {
  const wide = document.documentElement.clientWidth;
  const hides = (each) => getComputedStyle(each).overflowX !== 'visible';
  const frame = (each) => {
    while (each && !hides(each)) each = each.parentElement;
    const box = each?.getBoundingClientRect();
    return box ? [Math.max(0, box.left), Math.min(wide, box.right)] : [0, wide];
  };
  const crushed = (range) => {
    const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size;
    return lines > 2 && lines * 3 > range.toString().trim().length;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || parent.closest('script, style, option')) continue;
    if (parent.closest('.zh-hidden, .zh-skip, .zh-chart-scroll, thead, [aria-hidden]')) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    const [left, right] = frame(parent);
    const isOut = box.right > right + 1 || box.left < left - 1;
    if (box.width && (isOut || crushed(range))) found.push(range.toString());
  }
  return found;
}"""
# Not `innerWidth`: a phone zooms out until it shows all that sticks out, and that grows with it.
SIDEWAYS = """() => {
  const root = document.documentElement;
  return Math.max(0, root.scrollWidth - root.clientWidth);
}"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"
# Of an element: whether it is on the screen, and nothing lies over it.
IS_BARE = """(node) => {
  const box = node.getBoundingClientRect();
  const x = (box.left + box.right) / 2;
  return [box.top + 2, box.bottom - 2].every((y) => {
    const top = y > 0 && y < innerHeight && document.elementFromPoint(x, y);
    return Boolean(top) && (node.contains(top) || top.contains(node));
  });
}"""
