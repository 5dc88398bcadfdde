/** What the tests use of dns-packet, which brings no types. */
declare module 'dns-packet' {
  interface Answer {
    readonly type: string;
    readonly name: string;
    readonly [field: string]: unknown;
  }
  interface Packet {
    readonly type?: 'query' | 'response';
    readonly id?: number;
    readonly flags?: number;
    readonly questions?: readonly { readonly type: string; readonly name: string }[];
    readonly answers?: readonly Answer[];
    readonly additionals?: readonly Answer[];
  }
  const dnsPacket: {
    readonly AUTHORITATIVE_ANSWER: number;
    encode(packet: Packet): Buffer;
    decode(bytes: Buffer): Packet;
  };
  export default dnsPacket;
}
