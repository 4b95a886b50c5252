import type * as ts from 'typescript';
import type { WantedTask } from '../../study/plan/step.js';
import type { Notebook } from '../notebook/notebook.js';
import { typescript } from '../staleness/code-meaning.js';
import { parse } from '../staleness/code-units.js';

/** What a notebook says it is about by `onlyTask(study, 'TASK', ['TITLE'])`: under a study of anything else it stops there. */
export function wantedTasks({ cells }: Pick<Notebook, 'cells'>): readonly WantedTask[] {
  const syntax = typescript();
  const code = cells.filter(({ number, mayFail }) => number !== undefined && !mayFail);
  const file = parse(code.map(({ source }) => source).join('\n'), 'cells.ts');
  /** The study that `openStudy` names; undefined where it leaves that to STUDY, or nobody can tell. */
  const named = (node: ts.Node | undefined): string | undefined => {
    if (!node || !syntax.isCallExpression(node) || node.expression.getText() !== 'openStudy')
      return undefined;
    const [name] = node.arguments;
    return name && syntax.isStringLiteralLike(name) ? name.text : undefined;
  };
  const textOf = (node: ts.Node) => (syntax.isStringLiteralLike(node) ? [node.text] : []);
  const studies = new Map<string, string | undefined>();
  const wanted: WantedTask[] = [];
  const visit = (node: ts.Node): void => {
    if (syntax.isVariableDeclaration(node)) studies.set(node.name.getText(), named(node.initializer));
    if (syntax.isCallExpression(node) && node.expression.getText() === 'onlyTask') {
      const [study, task, titles] = node.arguments;
      if (study && task && syntax.isStringLiteralLike(task))
        wanted.push({
          study: studies.get(study.getText()) ?? named(study),
          task: task.text,
          titles: titles && syntax.isArrayLiteralExpression(titles) ? titles.elements.flatMap(textOf) : [],
        });
    }
    node.forEachChild(visit);
  };
  visit(file);
  return wanted;
}
