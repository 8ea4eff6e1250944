"""The workbooks for the teams: Voila behind a sign-in, with pages of our own."""
