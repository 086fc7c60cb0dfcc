// One change of one source file, applied while Jest loads it. The file on disk stays as it is.
const name = 'synodMutation';

/** The option with which Jest loads `file` (absolute) with `replace` in the place of `find`. */
export function mutationOption({ file, find, replace }) {
  return ['--globals', JSON.stringify({ [name]: { file, find, replace } })];
}

/** The source as Jest's globals want it: unchanged unless it is the file to mutate. */
export function mutated(source, file, globals = {}) {
  const mutation = globals[name];
  return mutation?.file === file ? replaceOnce(source, mutation) : source;
}

/** Throws unless `find` occurs exactly once: a mutation that no longer fits its file proves nothing. */
export function replaceOnce(source, { find, replace }) {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`found ${parts.length - 1} times instead of once: ${find}`);
  return parts.join(replace);
}
