"""What every act needs: the record of it, the audit, the clock, whom the staff may see, words and tables."""
