import { index, type RouteConfig, route } from "@react-router/dev/routes";

/** Routes that only the tests of this repository need. */
const host = [
  "stream",
  "streams",
  "redirect",
  "thrown-redirect",
  "error",
  "broken",
  "not-modified",
  "echo",
  "storage",
];

export default [
  index("routes/home.tsx"),
  route("devices", "routes/devices.tsx"),
  route("logout", "routes/logout.ts"),
  route("api", "routes/api/api.ts", [
    index("routes/api/visits.ts"),
    route("csrf", "routes/api/csrf.ts"),
    route("login", "routes/api/login.ts"),
    route("cart", "routes/api/cart.ts"),
    route("notice", "routes/api/notice.ts"),
    route("logout", "routes/api/logout.ts"),
    route("devices", "routes/api/devices.ts"),
    route("devices/end", "routes/api/devices-end.ts"),
    route("devices/end-all", "routes/api/devices-end-all.ts"),
  ]),
  ...(process.env["HOST_ROUTES"] === undefined
    ? []
    : [
        route("api/host", "routes/host/host.ts", [
          ...host.map((name) => route(name, `routes/host/${name}.ts`)),
          route("trailing", "routes/host/trailing.ts"),
        ]),
      ]),
] satisfies RouteConfig;
