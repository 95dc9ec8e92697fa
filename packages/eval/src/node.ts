export { readResult, writeResult } from './resultFiles.ts'
export { checkSubmissionFile, writeSubmission } from './submissionFiles.ts'
export { readStudy, writeStudy } from './study/studyFiles.ts'
