/**
 * A path as steps that somebody can follow: names, ports, TLS, which account and which password.
 *
 * @module
 */
import type { Path } from '../../src/directory/connect/decide.ts';
import { EDGE_NAMES, type HispEdge, type Register } from '../../src/directory/connect/product.ts';
import { formatAddr } from '../../src/net/host.ts';
import type { ConnectPlaces, EdgePlace } from '../connect-room.ts';

export interface ConnectStep {
  readonly title: string;
  readonly text: string;
  readonly rows?: readonly (readonly [string, string])[];
  readonly link?: { readonly href: string; readonly name: string };
}

/** @param places missing where the HISP does not run here */
export function pathSteps(path: Path, register: Register, places: ConnectPlaces | undefined): ConnectStep[] {
  const title = register.hisps.find(({ id }) => id === path.hisp)?.title ?? path.hisp;
  const edges = [...new Set<HispEdge>([path.send, path.receive])];
  const own = edges.filter((edge) => edge !== 'webmail');
  return [
    {
      title: `Be a member of ${title}`,
      text: 'Your organization asks once, and gets its domain, its certificate and an administrator. If it is a member already, its administrator gives you an address and an account.',
      link: { href: `/join?hisp=${path.hisp}`, name: 'Ask to join' },
    },
    ...(own.some((edge) => edge !== 'xdr')
      ? [
          {
            title: 'Make an application password',
            text: `Sign in with your account, and make one that opens ${own.map((edge) => EDGE_NAMES[edge]).join(' and ')}. It goes into the program; the password of your account stays with you.`,
            link: { href: '/account', name: 'Your account' },
          },
        ]
      : []),
    ...edges.map((edge) => edgeStep(edge, useOf(edge, path), title, places)),
    {
      title: 'Send a first message',
      text: 'To an address of another organization, and look at what becomes of it: “processed” says that it arrived at the other side and was opened there.',
      link: { href: '/explain', name: 'Explain: does it reach an address?' },
    },
  ];
}

const useOf = (edge: HispEdge, { send, receive }: Path): string =>
  send === receive ? 'Send and read' : edge === send ? 'Send' : 'Read';

function edgeStep(edge: HispEdge, use: string, hisp: string, places: ConnectPlaces | undefined): ConnectStep {
  switch (edge) {
    case 'smtp':
      return mail(
        `${use} by SMTP submission`,
        'In the program, for outgoing mail. Ask for a dispatched notice where the program can.',
        places,
        places?.smtp,
      );
    case 'imap':
      return mail(
        `${use} by IMAP`,
        'In the program, for incoming mail. Messages stay on the server.',
        places,
        places?.imap,
      );
    case 'pop3':
      return mail(
        `${use} by POP3`,
        'In the program, for incoming mail. Let it leave messages on the server until they are in the record.',
        places,
        places?.pop3,
      );
    case 'rest':
      return {
        title: `${use} by the HTTP API`,
        text: 'The program calls /api/v1 with the application password as a bearer token.',
        link: { href: '/api/openapi.json', name: 'The description of the API' },
      };
    case 'xdr':
      return {
        title: `${use} by XDR`,
        text: `ITI-41 over mutual TLS: give the operator of ${hisp} the address of your endpoint and your certificate; you get theirs. No password is needed.`,
      };
    case 'webmail':
      return {
        title: `${use} on the pages`,
        text: 'In a browser, with the password of your account. Nothing is to be set up; what you read is saved into the record by hand.',
        link: { href: '/sign-in?to=/webmail', name: 'Webmail' },
      };
  }
}

function mail(
  title: string,
  text: string,
  places: ConnectPlaces | undefined,
  place: EdgePlace | undefined,
): ConnectStep {
  if (!places || !place)
    return { title, text: `${text} The operator of the HISP tells the server and the port.` };
  const { starttls, tls } = place;
  return {
    title,
    text,
    rows: [
      ['Server', places.host],
      ...(tls ? ([['Port with TLS', `${tls.port}, here at ${formatAddr(tls)}`]] as const) : []),
      ...(starttls
        ? ([['Port with STARTTLS', `${starttls.port}, here at ${formatAddr(starttls)}`]] as const)
        : []),
      ['User', 'the Direct address, or the name of the account'],
      ['Password', 'the application password'],
      ['Sign-in', 'PLAIN or LOGIN, never without TLS'],
    ],
  };
}
