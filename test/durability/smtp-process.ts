import { realHost } from '../../src/net/real.ts';
import { serveSmtp } from '../../src/smtp/receiver.ts';
import { smtpReply } from '../../src/smtp/reply.ts';

/** A receiver in a process of its own, which tells its port. */
const receiver = await serveSmtp(realHost({ resolvers: [] }), {
  at: { host: '127.0.0.1', port: 0 },
  hostname: 'mx.b.example',
  onRecipient: () => undefined,
  onMessage: async () => smtpReply(250, '2.6.0 Stored'),
});
process.send?.(receiver.addr.port);
process.on('disconnect', () => process.exit());
