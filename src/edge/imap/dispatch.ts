/**
 * From a command to what it does, for those who have logged in.
 *
 * @module
 */
import type { EdgeReply } from '../reading.ts';
import type { Named } from './commands.ts';
import { append, create, list, remove, rename, select, status, subscribe } from './folder-commands.ts';
import { close, copy, expunge, fetch, search, store } from './message-commands.ts';
import type { Talk } from './talk.ts';
import type { View } from './view.ts';

export type SelectedCommand = Named<
  'FETCH' | 'STORE' | 'SEARCH' | 'COPY' | 'MOVE' | 'EXPUNGE' | 'CLOSE' | 'UNSELECT'
>;
export type FolderCommand = Named<
  | 'LIST'
  | 'LSUB'
  | 'SELECT'
  | 'EXAMINE'
  | 'STATUS'
  | 'CREATE'
  | 'DELETE'
  | 'RENAME'
  | 'SUBSCRIBE'
  | 'UNSUBSCRIBE'
  | 'APPEND'
>;

/** With a folder selected. */
export function runSelected(talk: Talk, view: View, command: SelectedCommand): Promise<EdgeReply> {
  switch (command.name) {
    case 'FETCH':
      return fetch(talk, view, command);
    case 'STORE':
      return store(talk, view, command);
    case 'SEARCH':
      return search(talk, view, command);
    case 'COPY':
    case 'MOVE':
      return copy(talk, view, command);
    case 'EXPUNGE':
      return expunge(talk, view, command);
    case 'CLOSE':
    case 'UNSELECT':
      return close(talk, view, command.name === 'CLOSE');
  }
}

export function runFolderCommand(talk: Talk, command: FolderCommand): Promise<EdgeReply> {
  switch (command.name) {
    case 'LIST':
    case 'LSUB':
      return list(talk, command);
    case 'SELECT':
    case 'EXAMINE':
      return select(talk, command);
    case 'STATUS':
      return status(talk, command);
    case 'CREATE':
      return create(talk, command);
    case 'DELETE':
      return remove(talk, command);
    case 'RENAME':
      return rename(talk, command);
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return subscribe(talk, command);
    case 'APPEND':
      return append(talk, command);
  }
}
