"""What is done around the notebooks: the commands, the learner's copies, derived copies, the doctor."""
