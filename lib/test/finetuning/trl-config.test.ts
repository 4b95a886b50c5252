import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schedule, trlConfig } from 'small-claims/finetuning/trl-config';

const hyper = { rank: 8, alpha: 16, dropout: 0, epochs: 3, learningRate: 0.0005, batch: 16 };
const cpu = { gpu: false, processes: 1 };
const place = { base: 'base', rows: 'rows', validated: false, output: 'out', resume: undefined, device: cpu };
const method = { method: 'qlora', targets: 'all-linear', warmup: 0.1, maxLength: 1024 } as const;
const plan = schedule(1008, hyper, cpu);

test('an epoch of 1,008 rows is 63 updates, and a checkpoint falls on each of its ends', () => {
  assert.equal(plan.stepsPerEpoch, 63);
  assert.equal(plan.steps, 189);
  assert.equal(plan.stepsPerEpoch % plan.saveSteps, 0);
  // 61 updates have no divisor to save at: then once an epoch.
  assert.equal(schedule(61 * 16, hyper, cpu).saveSteps, 61);
});

test('a batch is shared out exactly, whatever the number of devices', () => {
  for (const processes of [1, 2, 4, 8, 16]) {
    const { perDevice, accumulation } = schedule(1008, hyper, { gpu: false, processes });
    assert.equal(perDevice * accumulation * processes, hyper.batch);
  }
  for (const processes of [3, 32])
    assert.throws(
      () => schedule(1008, hyper, { gpu: false, processes }),
      /a batch of 16 rows cannot be shared out among/,
    );
});

test('QLoRA, LoRA and full fine-tuning are the same entry with another word', () => {
  const config = (word: 'qlora' | 'lora' | 'full') =>
    trlConfig({ ...method, method: word }, hyper, 1, plan, place);
  const [qlora, lora, full] = [config('qlora'), config('lora'), config('full')];
  assert.equal(qlora['load_in_4bit'], true);
  assert.equal(qlora['train_sampling_strategy'], 'batch_rebalance');
  assert.equal(qlora['bnb_4bit_quant_type'], 'nf4');
  assert.equal(qlora['use_bnb_nested_quant'], true);
  assert.equal(lora['load_in_4bit'], undefined);
  assert.equal(lora['use_peft'], true);
  assert.equal(full['use_peft'], undefined);
  for (const one of [qlora, lora, full]) assert.equal(one['completion_only_loss'], true);
});

test('the rows of a trial are looked at after each epoch, before its checkpoint is written', () => {
  const config = trlConfig(method, hyper, 1, plan, { ...place, validated: true });
  assert.deepEqual([config['eval_strategy'], config['eval_steps']], ['steps', 63]);
  assert.equal(63 % Number(config['save_steps']), 0);
});

test('a training that was interrupted names the checkpoint to go on from', () => {
  assert.equal(
    trlConfig(method, hyper, 1, plan, { ...place, resume: 'checkpoint-21' })['resume_from_checkpoint'],
    'checkpoint-21',
  );
  assert.equal('resume_from_checkpoint' in trlConfig(method, hyper, 1, plan, place), false);
});
