import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * What becomes of a request: the server never sees it, as with DynamoDB's own throttling and other refusals; or its answer is lost
 * on the way.
 */
export type Fault =
  | "throttled"
  | "lost"
  | { readonly type: string; readonly message: string; readonly status?: number };

/** A proxy before a real DynamoDB that sees every request. */
export interface DynamoDBProxy {
  readonly url: string;
  /** What was asked, as operation and input, in order. */
  readonly requests: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }[];
  /** What happens to the next requests, one after the other; afterwards all is well. */
  faults: Fault[];
  /** Decides about a request when no fault is next. */
  refuse?: (operation: string, input: Readonly<Record<string, unknown>>) => Fault | undefined;
  /** How far the server's clock is ahead, in milliseconds. */
  ahead: number;
  close(): void;
}

const throttling = {
  type: "ProvisionedThroughputExceededException",
  message: "Throughput exceeds the current capacity",
};

/** Starts a proxy before the server at that address. */
export async function startProxy(target: string): Promise<DynamoDBProxy> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
    const input = JSON.parse(body.toString());
    proxy.requests.push({ operation, input });
    const fault = proxy.faults.shift() ?? proxy.refuse?.(operation, input);
    response.setHeader("date", new Date(Date.now() + proxy.ahead).toUTCString());
    if (fault !== undefined && fault !== "lost") {
      const {
        type,
        message,
        status = 400,
      }: Exclude<Fault, string> = fault === "throttled" ? throttling : fault;
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));
      return;
    }
    const { connection: _, host: __, "content-length": ___, ...headers } = request.headers;
    const answer = await fetch(target, { method: "POST", headers: headers as Record<string, string>, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (fault === "lost") {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { "content-type": String(answer.headers.get("content-type")) });
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: DynamoDBProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    faults: [],
    ahead: 0,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
}
