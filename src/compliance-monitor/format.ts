import { clip, markdownText, plainText } from '../text/escape.js';
import { limits } from '../model/limits.js';
import type { Upload } from './upload.js';
import type { DocumentOutcome, UploadStatus } from './upload-documents.js';

const words: Readonly<Record<UploadStatus, string>> = {
  counted: 'stored, and it is what counts now',
  stored: 'stored, but not all of it counts',
  refused: 'not stored',
  unknown: 'not known whether it was stored',
  'not-sent': 'not sent',
  'dry-run': 'signed and verified; nothing was sent (dry run)',
};
const marks: Readonly<Record<UploadStatus, string>> = {
  counted: '✅',
  stored: '⚠️',
  refused: '❌',
  unknown: '⚠️',
  'not-sent': '⬜',
  'dry-run': '⬜',
};

const sentence = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('; ');

/** The first thing to read of all that came of it. */
const uploadHeadline = (handed: Upload): string => {
  const where = handed.monitor ?? 'the compliance monitor';
  return sentence(`Uploading at ${where}: ${words[handed.status]}`, handed.message, handed.todo);
};

const reportName = ({ uuid, subject, checkedAt }: DocumentOutcome): string => `report ${uuid} of ${subject}, ${checkedAt.slice(0, 19)}`;

const documentText = (document: DocumentOutcome): string =>
  sentence(`${reportName(document)}: ${words[document.status]}`, document.message, document.todo);

const isFine = (status: UploadStatus): boolean => status === 'counted' || status === 'dry-run';

/** What a person has to know who reads nothing else: undefined where all is well. */
export const uploadWarning = (handed: Upload): string | undefined => {
  if (isFine(handed.status)) return undefined;
  const open = handed.documents.filter(({ status }) => !isFine(status));
  const why = open.map((document) =>
    sentence(
      documentText(document),
      ...(document.status === 'stored' ? document.effects.filter(({ counts }) => !counts).map(({ id, note }) => sentence(id, note)) : []),
    ),
  );
  return clip(plainText([uploadHeadline(handed), ...why].join('. ')), limits.annotationCharacters);
};

const effectsOf = (document: DocumentOutcome): readonly string[] =>
  document.effects.map(({ id, verdict, counts, note }) => sentence(`${id}: ${verdict}${counts ? ', counts now' : ''}`, note));

const moreOf = ({ leftOut, notes, signedBy, verdicts, reminders }: Upload): readonly string[] => [
  ...(leftOut.length === 0
    ? []
    : [`Left out, as it aborted: ${leftOut.map(({ id }) => id).join(', ')}. What is at the monitor of it stays as it is.`]),
  ...notes,
  ...(signedBy === undefined ? [] : [`Signed with the key ${signedBy}.`]),
  ...verdicts.map(({ subject, verdict }) => `The monitor says of ${subject} now: ${verdict}.`),
  ...reminders.map((text) => `Upload again soon: ${text}.`),
];

/** Everything that came of it, as plain lines. */
export const formatUpload = (handed: Upload): readonly string[] =>
  [
    uploadHeadline(handed),
    ...handed.documents.flatMap((document) => [`  ${documentText(document)}`, ...effectsOf(document).map((line) => `    ${line}`)]),
    ...moreOf(handed),
  ].map((line) => `${/^ */.exec(line)?.[0] ?? ''}${plainText(line)}`);

/** The same for the job summary. */
export const formatUploadMarkdown = (handed: Upload): string =>
  [
    '### Upload to the compliance monitor',
    `${marks[handed.status]} ${markdownText(uploadHeadline(handed))}`,
    handed.documents
      .flatMap((document) => [
        `- ${marks[document.status]} ${markdownText(documentText(document))}`,
        ...effectsOf(document).map((line) => `  - ${markdownText(line)}`),
      ])
      .join('\n'),
    moreOf(handed)
      .map((line) => `- ${markdownText(line)}`)
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
