// The core module: prints the report of its argument. The component needs nothing like it; it exports `report`.
import { report } from "./report";

const text = process.argv.length > 1 ? process.argv[1] : "The quick brown fox jumps over the lazy dog.";
process.stdout.write(report(Uint8Array.wrap(String.UTF8.encode(text))));
