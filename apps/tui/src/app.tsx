import { useSyncExternalStore } from 'react';
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
  return (
    <Box flexDirection="column" width={ui.size.columns} height={ui.size.rows}>
      {lines.map((one, i) => (
        <Text key={i} wrap="truncate">
          {one}
        </Text>
      ))}
    </Box>
  );
}
