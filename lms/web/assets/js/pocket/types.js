// The acts that a phone tells of (lms/learning/events.py).
export const TYPES = {
  ended: "learner.module_completed",
  reached: "learner.section_reached",
  scenario: "learner.scenario_ended",
  submitted: "learner.attempt_submitted",
  reviewed: "learner.practice_answered",
};
