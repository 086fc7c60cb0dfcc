import { inverse, join, span, type Line } from '../layout/line.js';
import { fit, lineWidth } from '../layout/width.js';
import { letterOf } from '../input/general-keys.js';
import { viewIds, type ViewId } from '../views/view.js';
import { views } from '../views/views.js';

/** The views with their letters; the one that is seen stands in brackets. */
export function tabs(current: ViewId, columns: number): Line {
  const long = draw(current, 'title');
  return fit(lineWidth(long) <= columns ? long : draw(current, 'short'), columns);
}

function draw(current: ViewId, name: 'title' | 'short'): Line {
  return viewIds.flatMap((id) => {
    const label = join(span(letterOf(id), 'accent'), ` ${views[id][name]}`);
    return id === current ? inverse(join('[', label, ']')) : join(' ', label, ' ');
  });
}
