"""Break every rule of `behaviour.rs`, and see it refused by the database or by `full_clean`; prints how many were tried."""

from django import setup
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError

setup()
call_command("migrate", verbosity=0)

from town.models import *  # noqa: E402, F403

tried = 0


def refused(error, action):
    global tried
    tried += 1
    try:
        with transaction.atomic():
            action()
            connection.check_constraints()
    except error:
        return
    raise AssertionError(f"not refused, check {tried}")


def holds(condition):
    global tried
    tried += 1
    assert condition, f"check {tried}"


def no_row(action):
    refused(IntegrityError, action)


def unclean(row, code=None):
    def check():
        try:
            row.full_clean()
        except ValidationError as error:
            codes = [one.code for field in error.error_dict.values() for one in field]
            assert code is None or code in codes, codes
            raise

    refused(ValidationError, check)


def clean(row):
    row.full_clean()
    holds(True)


def remain(model, count):
    found = model.objects.count()
    assert found == count, f"{found} {model.__name__} and not {count}"
    holds(True)


# A part has at most one of its wholes, and dies with it.
house, car = House.objects.create(), Car.objects.create()
Window.objects.create()
Window.objects.create(house=house)
Window.objects.create(car=car)
no_row(lambda: Window.objects.create(house=house, car=car))
unclean(Window(house=house, car=car))
house.delete()
remain(Window, 2)

# Of two associations just one: also where one was drawn as required.
person, firm = Person.objects.create(), Firm.objects.create()
account = Account.objects.create(person=person)
no_row(lambda: Account.objects.create(person=person, firm=firm))
no_row(Account.objects.create)
unclean(Account(person=person, firm=firm))
unclean(Account())
clean(Account(firm=firm))
refused(ProtectedError, person.delete)
account.delete()

# At most 3 players, and the captain is one of them.
team, other = Team.objects.create(), Team.objects.create()
players = [Player.objects.create(team=team) for _ in range(3)]
unclean(Player(team=team), "too_many")
clean(Player(team=other))
clean(players[0])
stranger = Player.objects.create(team=other)
team.captain = stranger
unclean(team, "no_member")
team.captain = players[1]
clean(team)

# A qualifier finds one.
bank, second = Bank.objects.create(), Bank.objects.create()
customer = Customer.objects.create(bank=bank, number="7")
Customer.objects.create(bank=second, number="7")
no_row(lambda: Customer.objects.create(bank=bank, number="7"))
unclean(Customer(bank=bank, number="7"))
holds(bank.customer_by_number("7") == customer)
refused(Customer.DoesNotExist, lambda: bank.customer_by_number("8"))
library, book = Library.objects.create(), Book.objects.create()
link = Library._meta.get_field("book").remote_field.through
link.objects.create(library=library, book=book, shelfmark="a")
no_row(lambda: link.objects.create(library=library, book=Book.objects.create(), shelfmark="a"))
holds(library.book_by_shelfmark("a") == book)

# Who has an employment has just one; it knows its employer, and has an office.
employment = Employment.objects.create(employer=firm, person=person, office=Office.objects.create())
no_row(lambda: Employment.objects.create(employer=Firm.objects.create(), person=person))
person = Person.objects.get()
holds(person.employer == firm and Person.objects.create().employer is None)
employment.office.delete()
employment.refresh_from_db()
holds(employment.office is None)
firm.delete()
remain(Employment, 0)
reader = Reader.objects.create(library=library, person=person)
holds(Vehicle.objects.count() == 1 and library.people.get() == person)
no_row(lambda: Reader.objects.create(library=library, person=person))
library.delete()
remain(Reader, 0)

# A supplier supplies a piece for one project.
supplier, piece, project = Supplier.objects.create(), Piece.objects.create(), Project.objects.create()
Supplies.objects.create(supplier=supplier, piece=piece, project=project)
Supplies.objects.create(supplier=supplier, piece=Piece.objects.create(), project=project)
no_row(lambda: Supplies.objects.create(supplier=supplier, piece=piece, project=Project.objects.create()))
project.delete()
remain(Supplies, 0)

# A song may be on a playlist twice, in order.
playlist, song = Playlist.objects.create(), Song.objects.create()
listed = Playlist._meta.get_field("songs").remote_field.through
listed.objects.create(playlist=playlist, song=song, position=2)
listed.objects.create(playlist=playlist, song=Song.objects.create(), position=1)
listed.objects.create(playlist=playlist, song=song, position=0)
holds([one.position for one in listed.objects.all()] == [0, 1, 2])

# At most 2 courses, each once.
student = Student.objects.create()
courses = [Course.objects.create() for _ in range(3)]
attends = Student._meta.get_field("courses").remote_field.through
for course in courses[:2]:
    clean(attends(student=student, course=course))
    attends.objects.create(student=student, course=course)
no_row(lambda: attends.objects.create(student=student, course=courses[0]))
unclean(attends(student=student, course=courses[2]), "too_many")

# Friends are friends of each other.
friend = Person.objects.create()
person.friends.add(friend)
holds(friend.friends.get() == person)

# The owner of a boat is a person or a firm, and always there.
boat = Boat.objects.create(owner_person=person)
no_row(Boat.objects.create)
no_row(lambda: Boat.objects.create(owner_person=person, owner_firm=Firm.objects.create()))
unclean(Boat())
refused(ProtectedError, person.delete)

# A gate is never without its guard.
gate = Gate.objects.create(guard=Person.objects.create())
person = Person.objects.create()
gate.guard.delete()
gate.refresh_from_db()
holds(gate.guard == person)

# What stands on a shelf.
shelf = Shelf.objects.create()
novel, film = Novel.objects.create(library_shelf=shelf), Film.objects.create()
shelf.films.add(film)
holds(shelf.items == [novel, film])

# What is deleted with its company cannot protect itself from it, but from all else.
company = Company.objects.create()
product = Product.objects.create(company=company)
Order.objects.create(company=company, product=product)
refused(RestrictedError, product.delete)
company.delete()
remain(Product, 0)
remain(Order, 0)

# The database deletes a forum: also where nobody asks Django.
for rule in (Thread.forum, Post.thread):
    holds(rule.field.remote_field.on_delete is models.DB_CASCADE)
holds(Post.parent.field.remote_field.on_delete is models.DB_SET_NULL)
forum = Forum.objects.create()
thread = Thread.objects.create(forum=forum)
first = Post.objects.create(thread=thread)
reply = Post.objects.create(thread=thread, parent=first)
thread.related.add(Thread.objects.create(forum=forum))
with connection.cursor() as cursor:
    cursor.execute(f"DELETE FROM {Post._meta.db_table} WHERE id = %s", [first.pk])
reply.refresh_from_db()
holds(reply.parent is None)
with connection.cursor() as cursor:
    cursor.execute(f"DELETE FROM {Forum._meta.db_table} WHERE id = %s", [forum.pk])
for model in (Thread, Post, Thread._meta.get_field("related").remote_field.through):
    remain(model, 0)

print(tried)
