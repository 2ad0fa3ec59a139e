/**
 * Gives requests or responses of one framework one shape again, where they have lost it. Express
 * gives each of them another prototype. Up to Node 22, V8 makes a hidden class for every such
 * object at every property that is added to it from then on, and finds no compiled code for any of
 * them: most of what the request costs. As a dictionary, which it becomes when a property is
 * deleted, it shares a class with all others of its prototype. Later versions share the classes
 * anyway, and are faster without.
 */
export function shareShape(object: object): void {
  if (!losesShapes || hasOwnPrototype(object)) return;
  Reflect.set(object, passing, undefined);
  Reflect.deleteProperty(object, passing);
}

/** Whether the object still has the prototype it was made with. */
function hasOwnPrototype(object: object): boolean {
  return Object.getPrototypeOf(object) === object.constructor?.prototype;
}

const losesShapes = Number.parseInt(process.versions.v8 ?? "", 10) < 13;

const passing = Symbol("sessgen.passing");
