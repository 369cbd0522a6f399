// Lists what cannot be read: text whose contrast with the ground below it is under 4.5 to 1.
() => {
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const paint = colours => { canvas.clearRect(0, 0, 1, 1); for (const c of colours) { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || e.closest('svg, .spoken, kbd, option, .skip')) continue;
    const grounds = [];
    for (let at = e; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
    const ground = light(paint(grounds)), ink = light(paint([...grounds, getComputedStyle(e).color]));
    const ratio = (Math.max(ground, ink) + .05) / (Math.min(ground, ink) + .05);
    if (ratio < 4.5) bad.push(`${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return bad;
}
