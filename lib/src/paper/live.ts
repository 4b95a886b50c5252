import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, watch } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { isLocalRequest, listenLocally } from '../project/local-server.js';
import type { Paths } from '../project/paths.js';
import { livePage } from './live-page.js';
import { type Composed, composePaper, finishPaper, PAPER_SOURCES } from './render.js';

/** A paper being served. */
export interface LivePaper {
  /** "http://localhost:4321/" */
  readonly address: string;
  close(): void;
}

interface LiveOptions {
  readonly paths: Paths;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Hears what happened, a line at a time. */
  readonly log: (line: string) => void;
  /** An error as a writer should read it. */
  readonly tell: (error: unknown) => string;
}

/** Saving a file is several events, and so is a notebook's publishing: what comes within this time is one. */
const SETTLE_MILLISECONDS = 60;
/** Browsers that show the page at a time. */
const MOST_LISTENERS = 64;
/** The PDF waits until nothing was saved for so long, since making it would hold up the page. */
const PDF_MILLISECONDS = 250;

/**
 * Serves the paper on this machine alone, and renders it again when its text, references, style or what notebooks have
 * published changes: the page first, to every browser that shows it, then both files. What is wrong is shown in the
 * page, over the last rendering that was right.
 *
 * @throws UserError when the port is taken.
 */
export async function livePaper({ paths, port, log, tell }: LiveOptions): Promise<LivePaper> {
  const nonce = randomBytes(16).toString('base64');
  const listeners = new Set<ServerResponse>();
  let composed: Composed | undefined;
  let problem = '';
  let settling: NodeJS.Timeout | undefined;
  let finishing: NodeJS.Timeout | undefined;

  const send = (event: string, data: string) => {
    for (const listener of listeners) listener.write(message(event, data));
  };
  const report = (error: unknown) => {
    problem = tell(error);
    log(problem);
    send('problem', problem);
  };
  const render = () => {
    clearTimeout(finishing);
    try {
      const started = performance.now();
      const next = composePaper(paths);
      const changed = next.html !== composed?.html;
      composed = next;
      problem = '';
      if (changed) log(`page rendered in ${Math.round(performance.now() - started)} ms`);
      send(changed ? 'changed' : 'problem', '');
      finishing = setTimeout(() => void finish(next), PDF_MILLISECONDS);
    } catch (error) {
      report(error);
    }
  };
  const finish = async (next: Composed) => {
    try {
      await finishPaper(next, paths);
      log('paper.html and paper.pdf written');
      // Not of a text that has been saved anew meanwhile: its own files are still to come.
      if (next === composed) send('written', '');
    } catch (error) {
      if (next === composed) report(error);
    }
  };

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    // Whoever asked may have gone: that concerns nobody else.
    for (const stream of [request, response]) stream.on('error', () => {});
    if (!isLocalRequest(request)) return end(response, 403, 'text/plain', '');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('connection', 'close');
      return end(response, 405, 'text/plain; charset=utf-8', 'Pages can be read here, and nothing else.');
    }
    const [pathname = ''] = (request.url ?? '').split(/[?#]/, 1);
    if (pathname === '/events') {
      if (listeners.size >= MOST_LISTENERS) return end(response, 503, 'text/plain', '');
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(message('problem', problem));
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    } else if (pathname === '/' || pathname === '/paper.html') {
      end(response, 200, 'text/html; charset=utf-8', livePage(composed?.html, nonce));
    } else {
      const notebook = /^\/build\/notebooks\/([\w.-]+\.html)$/.exec(pathname)?.[1];
      const file =
        pathname === '/paper.pdf'
          ? join(paths.paper, 'paper.pdf')
          : notebook && join(paths.executed, notebook);
      const content = file && readIfThere(file);
      if (!content) return end(response, 404, 'text/plain; charset=utf-8', 'There is no such page.');
      end(response, 200, notebook ? 'text/html; charset=utf-8' : 'application/pdf', content);
    }
  };

  const server = createServer(answer);
  server.maxConnections = 2 * MOST_LISTENERS;
  const at = await listenLocally(server, port, 'Choose another: make watch WATCH_OPTIONS="--port 5000".');
  const soon = () => {
    clearTimeout(settling);
    settling = setTimeout(render, SETTLE_MILLISECONDS);
  };
  mkdirSync(paths.published, { recursive: true });
  const watchers = [
    // Folders and not files: an editor may put a new file in the place of the old.
    watch(paths.paper, (_, name) => {
      if (name !== null && PAPER_SOURCES.includes(name)) soon();
    }),
    watch(paths.published, soon),
  ];
  // A folder that is removed ends its watch, and not the server.
  for (const watcher of watchers) watcher.on('error', report);
  render();
  return {
    address: `http://localhost:${at}/`,
    close() {
      clearTimeout(settling);
      clearTimeout(finishing);
      for (const watcher of watchers) watcher.close();
      for (const listener of listeners) listener.end();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A file's content; undefined where there is none, or it goes this moment. */
function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** One event of a stream, its data on as many lines as it has. */
function message(event: string, data: string): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `event: ${event}\n${lines.join('')}\n`;
}

function end(response: ServerResponse, status: number, type: string, content: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(content);
}
