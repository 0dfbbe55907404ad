import type { OutputOf } from '../../config/outputs-schema.ts';
import { syslogMessage, type SyslogOptions } from '../syslog-message.ts';
import type { Sink } from '../sink.ts';
import { datagramTransport, tcpTransport, unixTransport, type Transport } from './syslog-transport.ts';

/** Messages of RFC 5424 to a syslog daemon; connected with the first alert, and again after a failure. */
export function syslogSink(config: OutputOf<'syslog'>): Sink {
  const transport = transportFor(config);
  const options: SyslogOptions = {
    facility: config.facility,
    format: config.format,
    processId: process.pid,
    maxBytes: config.max_bytes,
  };
  return {
    deliver: (alert, signal) => transport.send(syslogMessage(alert, options), signal),
    close: () => transport.close(),
  };
}

function transportFor({ target, framing }: OutputOf<'syslog'>): Transport {
  if (target.startsWith('unix:')) return unixTransport(target.slice('unix:'.length), framing);
  const url = new URL(target);
  const place = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
  return url.protocol === 'udp:' ? datagramTransport(place) : tcpTransport(place, framing);
}
