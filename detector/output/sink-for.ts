import type { OutputConfig } from '../config/outputs-schema.ts';
import { fileSink } from './sinks/file-sink.ts';
import { kubernetesEventSink, type EventSinkOptions } from './sinks/kubernetes-event-sink.ts';
import { programSink } from './sinks/program-sink.ts';
import { streamSink } from './sinks/stream-sink.ts';
import { syslogSink } from './sinks/syslog-sink.ts';
import { webhookSink } from './sinks/webhook-sink.ts';
import type { Sink } from './sink.ts';

/** What an output of this configuration delivers to; nothing is opened yet. */
export function sinkFor(config: OutputConfig, cluster: EventSinkOptions): Sink {
  switch (config.kind) {
    case 'stdout':
      return streamSink(process.stdout, config.format);
    case 'file':
      return fileSink(config);
    case 'syslog':
      return syslogSink(config);
    case 'program':
      return programSink(config);
    case 'webhook':
      return webhookSink(config);
    case 'kubernetes-event':
      return kubernetesEventSink(cluster);
  }
}
