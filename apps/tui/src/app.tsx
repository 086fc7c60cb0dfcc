import { memo, useSyncExternalStore } from 'react';
import { Box, Text, useInput } from 'ink';
import { screen } from './chrome/screen.js';
import { keyPresses } from './input/key-presses.js';
import type { Session } from './session.js';
import { paint, type Theme } from './theme.js';

/**
 * The terminal. Each line of the screen is one text, and no component stands for what can not be seen: Ink compares the
 * lines with those of the frame before and writes what is different.
 */
export function App({ session, theme }: { readonly session: Session; readonly theme: Theme }) {
  const { model, ui } = useSyncExternalStore(session.subscribe, session.shown);
  useInput((input, key) => keyPresses(input, key).forEach((one) => session.press(one)));
  const lines = screen(model, ui, session.commands).map((one) => paint(one, theme));
  return <Frame text={lines.join('\n')} columns={ui.size.columns} rows={ui.size.rows} />;
}

/** What is known changes many times a second, what is seen of it rarely: React and Ink do nothing for the same text. */
const Frame = memo(function Frame({ text, columns, rows }: { text: string; columns: number; rows: number }) {
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {text.split('\n').map((one, i) => (
        <Text key={i} wrap="truncate">
          {one}
        </Text>
      ))}
    </Box>
  );
});
