// DuckDB on exported files: a folder of CSV or of NDJSON, gzipped.
import {createRequire} from 'node:module';
const require = createRequire(process.env.CLIENT_MODULES + '/');
const {DuckDBInstance} = require('@duckdb/node-api');
const [folder, rowSql, nullDateSql, sumSql, ...views] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create()).connect();
const isJson = folder.endsWith('ndjson');
for (const view of views) {
  const file = `${folder}/${view}.${isJson ? 'ndjson' : 'csv'}.gz`;
  const source = isJson ? `read_ndjson('${file}', sample_size = -1)`
                        : `read_csv('${file}', sample_size = -1, allow_quoted_nulls = false)`;
  await connection.run(`CREATE VIEW ${view} AS SELECT * FROM ${source}`);
}
const ask = async sql => {
  const reader = await connection.runAndReadAll(sql);
  return {names: reader.columnNames(), types: reader.columnTypes().map(String), rows: reader.getRows()};
};
const tell = (key, type, value) => {
  const kinds = {TIMESTAMP: 'date', DATE: 'day', BIGINT: 'integer', HUGEINT: 'integer', DOUBLE: 'real', BOOLEAN: 'boolean'};
  console.log([key, value === null ? 'null' : kinds[type] ?? 'text', value ?? ''].join('\t'));
};
const row = await ask(rowSql);
row.names.forEach((name, i) => tell(name, row.types[i], row.rows[0][i]));
const none = await ask(nullDateSql);
tell('null date', none.types[0], none.rows[0][0]);
const sum = await ask(sumSql);
tell('sum', sum.types[0], sum.rows[0][0]);
for (const view of views) {
  const all = await ask(`SELECT * FROM ${view}`);
  const dates = all.types.flatMap((type, i) => type === 'TIMESTAMP' || type === 'DATE' ? [i] : []);
  tell('rows:' + view, 'BIGINT', all.rows.length);
  tell('dates:' + view, 'BIGINT', all.rows.reduce((n, row) => n + dates.filter(i => row[i] !== null).length, 0));
}
