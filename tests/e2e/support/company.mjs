// A small company for tests, made with the server's own commands: two territories, two reps, a supervisor, a
// finance clerk, four customers and seven invoices. Every balance below can be checked by head.

export const PEOPLE = {
  fang: { name: '王芳', role: 'rep' },
  lei: { name: '李雷', role: 'rep' },
  chen: { name: '陈静', role: 'supervisor', leads: ['城西', '城东'] },
  zhao: { name: '赵敏', role: 'finance' },
};

export const CUSTOMERS = [
  { number: 'C001', name: '城西五金商行', territory: '城西', rep: '王芳', latitude: 31.2397, longitude: 121.4998 },
  { number: 'C002', name: '恒达建材', territory: '城西', rep: '王芳', latitude: 31.2412, longitude: 121.4871 },
  { number: 'C003', name: '瑞丰电器', territory: '城东', rep: '李雷', latitude: 31.2288, longitude: 121.5402 },
  { number: 'C004', name: '永兴百货', territory: '城东', rep: '李雷', latitude: 31.2251, longitude: 121.5533 },
];

export const INVOICES = [
  { number: 'F1001', customer: 'C001', issued: '2026-08-03', due: '2026-09-02', amount: '12800.00' },
  { number: 'F1002', customer: 'C001', issued: '2026-09-10', due: '2026-10-10', amount: '7450.50' },
  { number: 'F1003', customer: 'C001', issued: '2026-11-05', due: '2026-12-05', amount: '3199.99' },
  { number: 'F1004', customer: 'C002', issued: '2026-10-01', due: '2026-10-31', amount: '26000.00' },
  { number: 'F2001', customer: 'C003', issued: '2026-07-15', due: '2026-08-14', amount: '5600.00' },
  { number: 'F2002', customer: 'C003', issued: '2026-10-20', due: '2026-11-19', amount: '980.00' },
  { number: 'F2003', customer: 'C004', issued: '2026-11-01', due: '2026-12-01', amount: '15000.00' },
];

/** The server's command line, in one place. */
export const COMMANDS = {
  addPerson: ({ name, role }) => ['user', 'add', name, '--role', role],
  lead: (name, territory) => ['assign', '--lead', name, '--territory', territory],
  importFile: (kind, file, map) => ['import', kind, file, '--map', map],
  deviceCode: (name, url) => ['device', 'code', name, '--url', url],
};

function csv(rows) {
  const columns = Object.keys(rows[0]);
  return [columns.join(','), ...rows.map((row) => columns.map((column) => row[column]).join(','))].join('\n') + '\n';
}

/** A column map under which every field stands in the column of its own name. */
function plainMap(rows) {
  return `[columns]\n${Object.keys(rows[0]).map((column) => `${column} = "${column}"`).join('\n')}\n`;
}

/** Imports rows whose columns bear the names of the fields. */
export async function importRows(server, kind, rows) {
  const file = server.file(`${kind}.csv`, csv(rows));
  const map = server.file(`${kind}.toml`, plainMap(rows));
  return server.cli(...COMMANDS.importFile(kind, file, map));
}

/** Fills the data folder of a server that has not started yet. */
export async function makeCompany(server, { people = PEOPLE, customers = CUSTOMERS, invoices = INVOICES } = {}) {
  for (const person of Object.values(people)) await server.cli(...COMMANDS.addPerson(person));
  await importRows(server, 'customers', customers);
  for (const person of Object.values(people)) {
    for (const territory of person.leads ?? []) await server.cli(...COMMANDS.lead(person.name, territory));
  }
  if (invoices.length) await importRows(server, 'invoices', invoices);
}

/** A fresh sign-in link for one person, as the administrator hands it out. `url`: another way to the server (a proxy). */
export async function signInLink(server, person, url = server.url) {
  const { stdout } = await server.cli(...COMMANDS.deviceCode(person.name, url));
  const link = stdout.match(/https?:\/\/\S+/)?.[0];
  if (!link) throw new Error(`no link in the answer of device code:\n${stdout}`);
  return link;
}
