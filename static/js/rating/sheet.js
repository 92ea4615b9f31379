/**
 * The answer sheet of one case: which questions there are, what is answered, which is in hand.
 *
 * A field is one thing to answer: a criterion of one image ("joints:A") or of the case ("side").
 * An answer is {value, not_applicable, text, x, y}, of which one is given and the others may be
 * missing: a value, n/a, a text, or the fractions x and y of a place. A criterion with a condition
 * is asked only where the answers before it hold it; what is hidden keeps its answer in hand, in
 * case it is asked again, and is not saved. A mark is {image, shape, x, y, width, height, tag,
 * severity}, as the server takes it; its number is its place in the list.
 */

const MOST_MARKS = 50;
const MARK_PARTS = ["image", "shape", "x", "y", "width", "height", "tag", "severity"];
const NO_ANSWER = { value: null, not_applicable: false, text: "", x: null, y: null };
const ANSWER_PARTS = Object.keys(NO_ANSWER);

function isGiven(answer) {
  if (!answer) return false;
  const { value, not_applicable, text, x } = { ...NO_ANSWER, ...answer };
  return not_applicable || value !== null || text.trim() !== "" || x !== null;
}

const keyOf = (criterion, image) => (image === null ? criterion : `${criterion}:${image}`);

/** The server's list of answers, each with its criterion and image, as answers by field. */
export function answersByField(list) {
  return Object.fromEntries(
    list.map(({ criterion, image, ...answer }) => [keyOf(criterion, image), answer]),
  );
}

/** In the order in which they are answered: of each criterion, A before B. */
export function fieldsOf(rubric, labels) {
  return rubric.flatMap((criterion, index) =>
    (criterion.per_image ? labels : [null]).map((image) => ({
      key: keyOf(criterion.key, image),
      criterion,
      index,
      image,
    })),
  );
}

/** @returns {{value: number, label: string}[]} */
export function choicesOf({ options, minimum, maximum }) {
  if (options?.length) return options;
  return Array.from({ length: maximum - minimum + 1 }, (_, step) => ({
    value: minimum + step,
    label: String(minimum + step),
  }));
}

export const isChosen = ({ kind }) => kind !== "text" && kind !== "place";

/** The value that a digit key stands for, or null: the k-th option, or the point k; 0 is ten. */
export function valueOfDigit(criterion, digit) {
  if (!isChosen(criterion)) return null;
  const number = digit === 0 ? 10 : digit;
  if (criterion.options?.length) return criterion.options[number - 1]?.value ?? null;
  const { minimum, maximum } = criterion;
  return number >= minimum && number <= maximum ? number : null;
}

export function sameAnswers(one, other) {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => {
    const [a, b] = [one, other].map((answers) => ({ ...NO_ANSWER, ...answers[key] }));
    return ANSWER_PARTS.every((part) => a[part] === b[part]);
  });
}

export function sameMarks(one, other) {
  const isSame = (mark, index) => MARK_PARTS.every((part) => mark[part] === other[index][part]);
  return one.length === other.length && one.every(isSame);
}

/** Whether two sheets say the same; each is {answers, comment, marks}. */
export function sameContents(one, other) {
  const sameWords = one.comment === other.comment;
  return sameWords && sameAnswers(one.answers, other.answers) && sameMarks(one.marks, other.marks);
}

export const isEmpty = ({ answers, comment, marks }) =>
  Object.keys(answers).length === 0 && comment === "" && marks.length === 0;

export class Sheet {
  /** @param {{rubric: object[], labels: string[], answers: object, comment: string,
   *   marks: object[]}} of */
  constructor({ rubric, labels, answers, comment, marks }) {
    this.rubric = rubric;
    this.labels = labels;
    this.everyField = fieldsOf(rubric, labels);
    this.saved = { answers, comment, marks };
    this.errors = {};
    this.fill(this.saved);
  }

  fill({ answers, comment, marks }) {
    this.answers = { ...answers };
    this.comment = comment;
    this.marks = [...marks];
    this.field = this.fields.find((field) => !this.isAnswered(field)) ?? this.fields[0];
  }

  /** What is asked now, in its order. */
  get fields() {
    const values = {};
    return this.everyField.filter((field) => {
      const { condition } = field.criterion;
      const keys = condition ? [keyOf(condition.criterion, field.image), condition.criterion] : [];
      const isAsked = !condition || keys.some((key) => condition.values.includes(values[key]));
      if (isAsked) values[field.key] = this.answers[field.key]?.value;
      return isAsked;
    });
  }

  get criterion() {
    return this.field.criterion;
  }

  /** What is kept, compared and saved. */
  get contents() {
    const { comment, marks } = this;
    const asked = this.fields.filter((field) => this.isAnswered(field));
    const answers = Object.fromEntries(asked.map(({ key }) => [key, this.answers[key]]));
    return { answers, comment, marks };
  }

  get isChanged() {
    return !sameContents(this.contents, this.saved);
  }

  get hasAllMarks() {
    return this.marks.length >= MOST_MARKS;
  }

  /** @param {number | null} index null appends */
  setMark(index, mark) {
    const place = index ?? this.marks.length;
    this.marks = [...this.marks.slice(0, place), mark, ...this.marks.slice(place + 1)];
  }

  removeMark(index) {
    this.marks = this.marks.filter((_, place) => place !== index);
  }

  isAnswered(field) {
    return isGiven(this.answers[field.key]);
  }

  /** The fields of a criterion that are asked now. */
  fieldsAt(index) {
    return this.fields.filter((field) => field.index === index);
  }

  /** The indices of the criteria that are asked now. */
  get asked() {
    return [...new Set(this.fields.map((field) => field.index))];
  }

  isComplete(index) {
    return this.fieldsAt(index).every((field) => this.isAnswered(field));
  }

  set(field, answer) {
    this.answers = { ...this.answers, [field.key]: answer };
    const { [field.key]: _, ...rest } = this.errors;
    this.errors = rest;
  }

  /** Answer the field in hand by a digit key and go on. @returns {boolean} whether it fits */
  answerDigit(digit) {
    const value = valueOfDigit(this.criterion, digit);
    if (value === null) return false;
    this.set(this.field, { value, not_applicable: false });
    this.advance();
    return true;
  }

  /** Answer the field in hand with n/a and go on. @returns {boolean} whether n/a is offered */
  answerNotApplicable() {
    if (!this.criterion.not_applicable) return false;
    this.set(this.field, { value: null, not_applicable: true });
    this.advance();
    return true;
  }

  advance() {
    const { fields } = this;
    this.field = fields[fields.indexOf(this.field) + 1] ?? this.field;
  }

  /** Take a criterion in hand, at what is still open in it. */
  take(index) {
    const within = this.fieldsAt(index);
    this.field = within.find((candidate) => !this.isAnswered(candidate)) ?? within[0] ?? this.field;
  }

  takeField(key) {
    this.field = this.fields.find((field) => field.key === key) ?? this.field;
  }

  step(by) {
    const { asked } = this;
    const index = asked[asked.indexOf(this.field.index) + by];
    if (index !== undefined) this.take(index);
  }

  /** The first required field without an answer, or undefined. */
  get missing() {
    return this.fields.find((field) => field.criterion.required && !this.isAnswered(field));
  }

  /** Where the answers point at the images, as marks without a number. */
  get places() {
    return this.fields
      .filter(({ key, criterion }) => criterion.kind === "place" && this.answers[key]?.x != null)
      .map(({ key, image }) => {
        const { x, y } = this.answers[key];
        return { image, shape: "point", x, y, width: 0, height: 0 };
      });
  }

  /** The given answers, as the server takes them. */
  toList() {
    return this.fields
      .filter((field) => this.isAnswered(field))
      .map(({ key, criterion, image }) => ({
        criterion: criterion.key,
        image,
        ...NO_ANSWER,
        ...this.answers[key],
      }));
  }
}
