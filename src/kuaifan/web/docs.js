// The page draws openapi.json of its own origin: no library, no other host.
"use strict";

const element = (name, text) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  return made;
};

const shortName = (ref) => ref.split("/").pop();

const typeOf = (schema) => {
  if (!schema) return "";
  if (schema.$ref) return shortName(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.type === "array") return `${typeOf(schema.items)}[]`;
  const limits = ["minimum", "maximum", "maxLength", "maxItems"]
    .filter((key) => key in schema)
    .map((key) => `${key} ${schema[key]}`);
  return [schema.type, ...limits].join(", ");
};

const fields = (schema) => {
  const table = element("table");
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const row = table.insertRow();
    const required = (schema.required ?? []).includes(name) && name !== "type";
    row.insertCell().append(element("code", name + (required ? " *" : "")));
    row.insertCell().textContent = typeOf(field);
  }
  return table;
};

const operation = (path, method, described, schemas) => {
  const box = element("details");
  const title = element("summary");
  title.append(element("b", method.toUpperCase()), element("code", path));
  title.append(document.createTextNode(`  ${described.summary ?? ""}`));
  box.append(title);
  const content = described.requestBody?.content["application/json"];
  const ref = content?.schema.$ref ?? content?.schema.anyOf?.[0]?.$ref;
  if (ref) box.append(fields(schemas[shortName(ref)]));
  const answers = element("table");
  for (const [code, response] of Object.entries(described.responses ?? {})) {
    const row = answers.insertRow();
    row.insertCell().append(element("code", code));
    row.insertCell().textContent = response.description;
  }
  box.append(answers);
  return box;
};

const draw = async () => {
  const api = await (await fetch("/openapi.json")).json();
  document.getElementById("version").textContent = api.info.version;
  document.getElementById("about").textContent = api.info.description;
  const list = document.getElementById("paths");
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      list.append(operation(path, method, described, api.components.schemas));
    }
  }
  document.getElementById("filter").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const box of list.children) box.hidden = !box.textContent.toLowerCase().includes(wanted);
  });
};

draw().catch((error) => {
  document.getElementById("about").textContent = `The description cannot be read: ${error.message}`;
});
