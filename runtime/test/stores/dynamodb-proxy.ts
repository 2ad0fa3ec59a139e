import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What becomes of a request: the server never sees it, as DynamoDB's own throttling; or its answer is lost on the way. */
export type Fault = "throttled" | "lost";

/** A proxy before a real DynamoDB that sees every request. */
export interface DynamoDBProxy {
  readonly url: string;
  /** What was asked, as operation and input, in order. */
  readonly requests: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }[];
  /** What happens to the next requests, one after the other; afterwards all is well. */
  faults: Fault[];
  close(): void;
}

/** Starts a proxy before the server at that address. */
export async function startProxy(target: string): Promise<DynamoDBProxy> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
    proxy.requests.push({ operation, input: JSON.parse(body.toString()) });
    const fault = proxy.faults.shift();
    if (fault === "throttled") {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
      const type = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
      response.end(JSON.stringify({ __type: type, message: "Throughput exceeds the current capacity" }));
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
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
}
