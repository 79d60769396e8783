-- Reports of vacancies by the submission that said otherwise: what a reporter's word was worth.
CREATE INDEX record_replaced_vacancies ON record (authority, known_to)
  WHERE dataset = 'vacancies' AND known_to IS NOT NULL;
