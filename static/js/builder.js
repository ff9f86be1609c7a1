// The builder of conditions: a tree of groups, tests of columns and texts, as fields. It knows
// nothing of the language; `criteria.js` sends the tree to the server, which writes the text.
// Offers one name: ConditionBuilder.
(() => {
  const JOINS = [
    ["all", "All of these are true"],
    ["any", "At least one of these is true"],
    ["none", "None of these is true"],
    ["not_all", "Not all of these are true"],
  ];
  const WITHOUT_VALUE = ["is_missing", "is_recorded"];
  const LISTS = ["in", "not_in"];
  const INPUTS = { date: "date", moment: "datetime-local" };

  const make = (tag, attributes = {}, ...parts) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...parts);
    return element;
  };
  const choice = (label, options, chosen, change) => {
    const select = make("select", { "aria-label": label });
    options.forEach(([value, words]) => {
      const option = make("option", { value }, words);
      option.selected = value === chosen;
      select.append(option);
    });
    select.addEventListener("change", () => change(select.value));
    return select;
  };
  const button = (words, press) => {
    const made = make("button", { type: "button", class: "button button--plain button--small" }, words);
    made.addEventListener("click", press);
    return made;
  };

  class ConditionBuilder {
    // `columns` and `operators` are asked anew each time; `changed` hears of every change.
    constructor({ label, columns, operators, changed }) {
      Object.assign(this, { label, columns, operators, changed });
      this.element = make("div", { class: "builder", role: "group", "aria-label": `${label}: conditions` });
      this.show(null);
    }

    show(tree) {
      const isGroup = tree && tree.kind === "group";
      this.root = isGroup ? tree : { kind: "group", join: "all", terms: tree ? [tree] : [] };
      this.draw();
    }

    get isEmpty() {
      return this.root.terms.length === 0;
    }

    tree(node = this.root) {
      if (node.kind === "group") {
        const terms = node.terms.map((term) => this.tree(term));
        return { kind: "group", join: node.join, terms };
      }
      if (node.kind === "text") return { kind: "text", text: node.text };
      const { kind, column, operator, values } = node;
      return { kind, column, operator, values: values.filter((value) => value !== "") };
    }

    complain(path, message) {
      this.element.querySelectorAll(".builder__problem").forEach((old) => old.remove());
      this.element.querySelectorAll("[aria-invalid]").forEach((old) => old.removeAttribute("aria-invalid"));
      if (!message) return;
      const node = (path || []).reduce((group, place) => group.terms[place], this.root);
      node.parts.append(make("p", { class: "builder__problem field__error" }, message));
      node.parts.querySelectorAll(":scope > input, :scope > select, :scope > textarea, :scope > .builder__part > *")
        .forEach((field) => field.setAttribute("aria-invalid", "true"));
    }

    draw(focus) {
      this.element.replaceChildren(this.group(this.root, null, 1));
      const wanted = focus && focus.parts && focus.parts.querySelector("select, input, textarea, button");
      if (wanted) wanted.focus();
    }

    restructure(focus) {
      this.draw(focus);
      this.changed();
    }

    group(node, parent, level) {
      const list = make("ol", { class: "builder__terms" });
      node.terms.forEach((term) => {
        const shown = term.kind === "group" ? this.group(term, node, level + 1) : this.leaf(term, node);
        list.append(make("li", {}, shown));
      });
      const join = choice(`Group at level ${level}`, JOINS, node.join, (value) => {
        node.join = value;
        this.changed();
      });
      const add = (term) => () => {
        const added = term();
        node.terms.push(added);
        this.restructure(added.kind === "group" ? added.terms[0] : added);
      };
      const actions = make(
        "div",
        { class: "builder__actions" },
        button("Add a condition", add(() => this.blank())),
        button("Add a group", add(() => ({ kind: "group", join: "any", terms: [this.blank()] }))),
        button("Add a text", add(() => ({ kind: "text", text: "" }))),
      );
      if (parent) actions.append(this.remover(node, parent, `Remove the group at level ${level}`));
      node.parts = make("div", { class: "builder__group" }, join, list, actions);
      return node.parts;
    }

    blank() {
      const [first] = this.columns();
      if (!first) return { kind: "text", text: "" };
      return { kind: "test", column: first.name, operator: this.asked(first.type)[0][0], values: [] };
    }

    asked(type) {
      return this.operators[type] || [["=", "is"]];
    }

    remover(node, parent, words) {
      const made = button(node.kind === "group" ? "Remove the group" : "Remove", () => {
        const place = parent.terms.indexOf(node);
        parent.terms.splice(place, 1);
        this.restructure(parent.terms[place] || parent.terms[place - 1] || parent);
      });
      made.setAttribute("aria-label", words);
      return made;
    }

    leaf(node, parent) {
      node.parts = make("div", { class: "builder__leaf" });
      if (node.kind === "text") this.fillText(node);
      else this.fillTest(node);
      node.parts.append(this.remover(node, parent, "Remove the condition"));
      return node.parts;
    }

    fillText(node) {
      const field = make("textarea", {
        "aria-label": "Condition as text", rows: 2, class: "code", spellcheck: "false",
      });
      field.value = node.text;
      field.addEventListener("input", () => {
        node.text = field.value;
        this.changed();
      });
      node.parts.append(field);
    }

    // The three parts are filled one by one, so that a choice made by keyboard keeps its focus.
    fillTest(node) {
      const known = this.columns();
      const options = known.map((each) => [each.name, each.label || each.name]);
      if (!known.some((each) => each.name === node.column)) {
        options.unshift([node.column, node.column || "Choose a column"]);
      }
      node.comparison = make("span", { class: "builder__part" });
      node.answer = make("span", { class: "builder__part" });
      const column = choice("Column", options, node.column, (value) => {
        const before = this.typeOf(node.column);
        node.column = value;
        if (this.typeOf(value) !== before) node.values = [];
        this.fillComparison(node);
        this.changed();
      });
      node.parts.append(column, node.comparison, node.answer);
      this.fillComparison(node);
    }

    typeOf(name) {
      const column = this.columns().find((each) => each.name === name);
      return column ? column.type : "code";
    }

    fillComparison(node) {
      const asked = this.asked(this.typeOf(node.column));
      if (!asked.some(([operator]) => operator === node.operator)) node.operator = asked[0][0];
      node.comparison.replaceChildren(choice("Comparison", asked, node.operator, (value) => {
        node.operator = value;
        this.fillValues(node);
        this.changed();
      }));
      this.fillValues(node);
    }

    fillValues(node) {
      const type = this.typeOf(node.column);
      node.answer.replaceChildren();
      if (WITHOUT_VALUE.includes(node.operator)) {
        node.values = [];
      } else if (LISTS.includes(node.operator)) {
        this.fillList(node);
      } else if (type === "flag") {
        if (!node.values.length) node.values = ["true"];
        const answers = [["true", "yes"], ["false", "no"]];
        node.answer.append(choice("Value", answers, node.values[0], (value) => {
          node.values = [value];
          this.changed();
        }));
      } else {
        const labels = node.operator === "between" ? ["From", "To"] : ["Value"];
        node.values = labels.map((_, place) => node.values[place] || "");
        labels.forEach((label, place) => node.answer.append(this.value(node, type, label, place)));
      }
    }

    fillList(node) {
      const field = make("textarea", { "aria-label": "Values, one on each line", rows: 3, class: "code", spellcheck: "false" });
      field.value = node.values.join("\n");
      field.addEventListener("input", () => {
        node.values = field.value.split("\n").filter((line) => line !== "");
        this.changed();
      });
      node.answer.append(field);
    }

    value(node, type, label, place) {
      const field = make("input", { type: INPUTS[type] || "text", "aria-label": label, autocomplete: "off" });
      if (type === "moment") field.step = 1;
      if (type === "whole" || type === "decimal") field.inputMode = "decimal";
      field.value = type === "moment" ? node.values[place].replace(" ", "T") : node.values[place];
      field.addEventListener("input", () => {
        node.values[place] = field.value.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
        this.changed();
      });
      return field;
    }
  }

  window.ConditionBuilder = ConditionBuilder;
})();
