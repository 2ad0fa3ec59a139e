import { describe, expect, it } from "vitest";
import {
  camelCase,
  isIdentifierName,
  memberAccess,
  memberBinding,
  memberKey,
  pascalCase,
  Scope,
} from "../../src/code/names.js";

describe("the name of a field", () => {
  it.each<[string, { pascal: string; camel: string; key: string; access: string }]>([
    ["user", { pascal: "User", camel: "user", key: "user", access: "it?.user" }],
    ["cart-item", { pascal: "CartItem", camel: "cartItem", key: '"cart-item"', access: 'it?.["cart-item"]' }],
    ["cart_item", { pascal: "CartItem", camel: "cartItem", key: "cart_item", access: "it?.cart_item" }],
    ["class", { pascal: "Class", camel: "class", key: "class", access: "it?.class" }],
    ["2fa", { pascal: "_2fa", camel: "_2fa", key: '"2fa"', access: 'it?.["2fa"]' }],
    ["größe", { pascal: "Größe", camel: "größe", key: "größe", access: "it?.größe" }],
    ['a"b', { pascal: "AB", camel: "aB", key: '"a\\"b"', access: 'it?.["a\\"b"]' }],
    ["", { pascal: "_", camel: "_", key: '""', access: 'it?.[""]' }],
    ["$id", { pascal: "$id", camel: "$id", key: "$id", access: "it?.$id" }],
  ])("%j stands in code as what it is", (name, want) => {
    const { pascal, camel, key, access } = want;
    expect([pascalCase(name), camelCase(name), memberKey(name)]).toEqual([pascal, camel, key]);
    expect(memberAccess("it", name, true)).toBe(access);
    expect(memberAccess("it", name)).toBe(access.replace(/\?(\.(?=\[))?/, ""));
    for (const made of [pascal, camel]) expect(isIdentifierName(made)).toBe(true);
  });

  it("is bound to a variable, by itself where that has the same name", () => {
    expect(memberBinding("user", "user")).toBe("user");
    expect(memberBinding("cart-item", "cartItem")).toBe('"cart-item": cartItem');
  });
});

describe("a scope", () => {
  it("numbers what is taken, and takes the first wish that is free", () => {
    const scope = new Scope(["item"]);
    expect(["item", "item", "key"].map((wish) => scope.declare(wish))).toEqual(["item2", "item3", "key"]);
    expect(scope.declare("item", "value")).toBe("value");
    expect(scope.declare("item", "value")).toBe("value2");
  });

  it("gives no reserved word", () => {
    expect(["class", "yield", "of"].map((wish) => new Scope().declare(wish))).toEqual([
      "class_",
      "yield_",
      "of",
    ]);
  });

  it("hides no name of the outside inside, nor gives one outside that an inside hides", () => {
    const outer = new Scope(["taken"]);
    const inner = outer.inner();
    expect([inner.declare("taken"), inner.declare("item")]).toEqual(["taken2", "item"]);
    expect(outer.declare("item")).toBe("item2");
  });
});
