/**
 * The answer sheet of one case: which questions there are, what is answered, which is in hand.
 *
 * A field is one thing to answer: a criterion of one image ("joints:A") or of the case ("side").
 * An answer is {value: number | null, not_applicable: boolean}. A mark is {image, shape, x, y,
 * width, height, tag, severity}, as the server takes it; its number is its place in the list.
 */

const MOST_MARKS = 50;
const MARK_PARTS = ["image", "shape", "x", "y", "width", "height", "tag", "severity"];

const isGiven = (answer) => Boolean(answer) && (answer.not_applicable || answer.value !== null);

const keyOf = (criterion, image) => (image === null ? criterion : `${criterion}:${image}`);

/** The server's list of {criterion, image, value, not_applicable} as answers by field. */
export function answersByField(list) {
  return Object.fromEntries(
    list.map(({ criterion, image, value, not_applicable }) => [
      keyOf(criterion, image),
      { value, not_applicable },
    ]),
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

/** The value that a digit key stands for, or null: 0 is ten where the scale goes to ten. */
export function valueOfDigit(criterion, digit) {
  const values = choicesOf(criterion).map((choice) => choice.value);
  const candidates = digit === 0 ? [10, 0] : [digit];
  return candidates.find((value) => values.includes(value)) ?? null;
}

export function sameAnswers(one, other) {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const none = { value: null, not_applicable: false };
  return [...keys].every((key) => {
    const [a, b] = [one[key] ?? none, other[key] ?? none];
    return a.value === b.value && a.not_applicable === b.not_applicable;
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
    this.fields = fieldsOf(rubric, labels);
    this.saved = { answers, comment, marks };
    this.errors = {};
    this.position = 0;
    this.fill(this.saved);
  }

  fill({ answers, comment, marks }) {
    this.answers = { ...answers };
    this.comment = comment;
    this.marks = [...marks];
    const open = this.fields.findIndex((field) => !this.isAnswered(field));
    this.position = Math.max(0, open);
  }

  get field() {
    return this.fields[this.position];
  }

  get criterion() {
    return this.field.criterion;
  }

  /** What is kept, compared and saved. */
  get contents() {
    const { answers, comment, marks } = this;
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

  fieldsAt(index) {
    return this.fields.filter((field) => field.index === index);
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
    this.position = Math.min(this.position + 1, this.fields.length - 1);
  }

  /** Take a criterion in hand, at what is still open in it. */
  take(index) {
    const within = this.fieldsAt(index);
    const field = within.find((candidate) => !this.isAnswered(candidate)) ?? within[0];
    this.position = this.fields.indexOf(field);
  }

  takeField(key) {
    const position = this.fields.findIndex((field) => field.key === key);
    if (position >= 0) this.position = position;
  }

  step(by) {
    const index = this.field.index + by;
    if (index >= 0 && index < this.rubric.length) this.take(index);
  }

  /** The first required field without an answer, or undefined. */
  get missing() {
    return this.fields.find((field) => field.criterion.required && !this.isAnswered(field));
  }

  /** The given answers, as the server takes them. */
  toList() {
    return this.fields
      .filter((field) => this.isAnswered(field))
      .map(({ key, criterion, image }) => ({
        criterion: criterion.key,
        image,
        ...this.answers[key],
      }));
  }
}
