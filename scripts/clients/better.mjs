// better-sqlite3, for Node.js programs.
import {createRequire} from 'node:module';
const require = createRequire(process.env.CLIENT_MODULES + '/');
const Database = require('better-sqlite3');
const [path, rowSql, nullDateSql, sumSql, ...views] = process.argv.slice(2);
const database = new Database(path, {readonly: true});
const tell = (key, value) => {
  const kind = value === null ? 'null' : typeof value === 'string' ? 'text' : Number.isInteger(value) ? 'integer' : 'real';
  console.log([key, kind, value ?? ''].join('\t'));
};
for (const [name, value] of Object.entries(database.prepare(rowSql).get())) tell(name, value);
tell('null date', Object.values(database.prepare(nullDateSql).get())[0]);
tell('sum', Object.values(database.prepare(sumSql).get())[0]);
for (const view of views) tell('rows:' + view, database.prepare(`SELECT * FROM ${view}`).all().length);
